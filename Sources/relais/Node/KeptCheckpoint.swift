import EventStore
import Foundation
import Transparency

/// A checkpoint that was kept in a file, believed on the signature of the log's own key.
struct KeptCheckpoint {
    let tree: TreeHead

    /// - Throws: `Failure` with status 2: it is no evidence, neither for nor against the log.
    init(file: String, trusting key: VerifierKey) throws {
        guard let data = FileManager.default.contents(atPath: file) else { throw Failure(.usage, "\(file) cannot be read") }
        do {
            tree = try Checkpoint(try SignedNote(bytes: Array(data)), trusting: [key]).tree
        } catch {
            throw Failure(.usage, "\(file) is no checkpoint signed by \(key.name): \(error)")
        }
    }
}
