import Foundation

/// Files that are handed out.
enum ExportedFiles {
    /// Writes a file whole or not at all, with the folders it needs.
    ///
    /// - Throws: ``TransparencyError`` `storageUnavailable`.
    static func write(_ bytes: [UInt8], to url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url, options: .atomic)
        } catch {
            throw TransparencyError(.storageUnavailable, "The file \(url.lastPathComponent) cannot be written: check the folder and its free space.")
        }
    }
}
