import EventStore
import Foundation

/// A log as files, for any web server or for an auditor: `checkpoint`, `key.vkey`, `tile/…`, `tile/entries/…` (C2SP tlog-tiles).
public struct StaticExport: Sendable {
    private let prover: LogProver
    private let directory: URL

    /// - Parameter directory: created if it is missing; may hold an earlier export of the same log.
    public init(of prover: LogProver, to directory: String) {
        self.prover = prover
        self.directory = URL(fileURLWithPath: directory, isDirectory: true)
    }

    /// Writes what a checkpoint needs: tiles and entries first, the checkpoint last, so that what is published is always whole.
    ///
    /// - Parameters:
    ///   - key: the log's.
    ///   - old: the size of an earlier export in the same directory: full tiles before it are not written again.
    /// - Throws: ``TransparencyError``; ``EventStoreError`` from the log; `CancellationError`.
    public func write(_ issued: CheckpointStore.Issued, key: VerifierKey, since old: Int64 = 0) throws {
        let size = issued.checkpoint.tree.size
        for tile in TileID.all(for: size, since: old) {
            try Task.checkCancellation()
            try write(prover.resource(tile, upTo: size), to: tile.path)
        }
        try write(Array("\(key)\n".utf8), to: "key.vkey")
        try write(issued.note.bytes, to: "checkpoint")
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try ExportedFiles.write(bytes, to: directory.appendingPathComponent(path))
    }
}
