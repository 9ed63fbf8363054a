import Foundation
import Testing

/// Texts beside the tests, for reviewers to read. RELAIS_WRITE_GOLDEN=1 writes them anew.
enum GoldenFile {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")

    static func expect(_ text: String, equals name: String) throws {
        let file = folder.appending(path: "\(name).txt")
        if ProcessInfo.processInfo.environment["RELAIS_WRITE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let known = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(text == known, "\(name) reads otherwise than its golden file")
    }

    static var names: Set<String> {
        get throws {
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return Set(files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) })
        }
    }
}
