import Foundation
import Synchronization

/// The executable KafkaMock, which SwiftPM builds beside the tests.
///
/// `@unchecked Sendable`: pipes are used with `turn` held; the rest is immutable.
final class MockProcess: @unchecked Sendable {
    let bootstrap: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let turn = Mutex(())

    init(brokers: Int) throws {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("KafkaMock")
        process.arguments = ["\(brokers)"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let words = Self.line(from: output).split(separator: " ")
        guard words.count == 2, words[0] == "bootstrap" else { throw TestCluster.Failure(description: "KafkaMock did not start: \(words)") }
        bootstrap = String(words[1])
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    func tell(_ command: String) throws -> String {
        try turn.withLock { _ in
            try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
            return Self.line(from: output)
        }
    }

    private static func line(from pipe: Pipe) -> String {
        var bytes: [UInt8] = []
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
