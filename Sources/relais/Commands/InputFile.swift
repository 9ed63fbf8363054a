import Foundation

/// Files named on the command line.
enum InputFile {
    /// - Throws: `Failure` saying which file cannot be read.
    static func bytes(at path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: (path as NSString).expandingTildeInPath) else {
            throw Failure(.usage, "\(path) cannot be read; check its name and rights")
        }
        return Array(data)
    }

    static func text(at path: String) throws -> String {
        guard let text = String(validating: try bytes(at: path), as: UTF8.self) else {
            throw Failure(.usage, "\(path) is not UTF-8 text")
        }
        return text
    }
}
