public import EventStore
import GRDB
public import Timekeeping

/// Issues a log's checkpoints and keeps those issued, in `proofs.sqlite`.
///
/// Each new one is proven to have grown from the last before it is signed, so that two that contradict each other are never
/// signed by one store. What is kept is derived: a checkpoint that cannot be read any more, or whose signature is wrong, is dropped
/// and signed anew when it is asked for. What is lost with it is that this size was signed before; the log proves the same.
public struct CheckpointStore: Sendable {
    /// A checkpoint as it was issued.
    public struct Issued: Sendable, Hashable {
        public var checkpoint: Checkpoint
        /// With the signatures of the log and of its witnesses.
        public var note: SignedNote
        /// In UTC.
        public var signedAt: Instant
    }

    /// Milliseconds between two checkpoints that nobody asked for.
    public static let interval: Int64 = 60_000

    private let log: any EventReader
    private let prover: LogProver
    private let database: any DatabaseWriter
    private let key: LogKey
    private let time: TimeSource
    private let report: @Sendable (String) -> Void

    /// - Parameters:
    ///   - tiles: of the log; the checkpoints are kept in the same file.
    ///   - key: signs; its name is the origin line.
    ///   - report: is told, in words for operators, that a kept checkpoint was dropped.
    public init(
        log: any EventReader,
        tiles: TileStore,
        key: LogKey,
        time: TimeSource = .system,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.log = log
        prover = LogProver(log: log, tiles: tiles)
        database = tiles.database
        self.key = key
        self.time = time
        self.report = report
    }

    /// The key its checkpoints are checked with.
    public var verifierKey: VerifierKey { key.verifierKey }

    /// The checkpoint issued last; nil if there is none yet.
    ///
    /// - Throws: ``TransparencyError`` `storageUnavailable`.
    public func latest() throws -> Issued? {
        try first("SELECT size, note, signed_at FROM checkpoint ORDER BY size DESC LIMIT 1", [])
    }

    /// The checkpoint issued for a log of `size` events; nil if there is none.
    ///
    /// - Throws: as ``latest()``.
    public func issued(for size: Int64) throws -> Issued? {
        try first("SELECT size, note, signed_at FROM checkpoint WHERE size = ?", [size])
    }

    /// The last checkpoint, or a new one if the log has grown and the last is older than a minute.
    ///
    /// - Throws: as ``issue()``.
    public func current() throws -> Issued {
        // A negative age is a clock that was set back.
        if let latest = try latest(), 0..<Self.interval ~= time.now().milliseconds(since: latest.signedAt) { return latest }
        return try issue()
    }

    /// A checkpoint of the log as it is now: a new one if it has grown since the last.
    ///
    /// - Throws: ``TransparencyError`` `inconsistent` if the log is not a continuation of what was signed before; `beyondLog` if
    ///   it is shorter; ``EventStoreError`` from the log.
    public func issue() throws -> Issued {
        let head = try log.head()
        if let latest = try latest() {
            guard latest.checkpoint.tree.size <= head.position else {
                throw TransparencyError(
                    .beyondLog,
                    "A checkpoint was signed for \(latest.checkpoint.tree.size) events, the log has \(head.position): it was rolled back or cut off."
                )
            }
            let proof = try prover.consistency(from: latest.checkpoint.tree.size, to: head.position)
            guard proof.old == latest.checkpoint.tree else {
                throw TransparencyError(
                    .inconsistent,
                    "The log's first \(proof.old.size) events are not those a checkpoint was signed for: run verify, sign nothing."
                )
            }
            if latest.checkpoint.tree.size == head.position { return latest }
        }
        let checkpoint = Checkpoint(origin: key.origin, tree: try prover.tree(of: head.position))
        let note = SignedNote(text: checkpoint.text, signatures: [try key.sign(checkpoint.text)])
        let issued = Issued(checkpoint: checkpoint, note: note, signedAt: time.now())
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO checkpoint(size, note, signed_at) VALUES (?, ?, ?)",
                arguments: [checkpoint.tree.size, note.description, issued.signedAt.millisecondsSinceEpoch]
            )
        }
        return issued
    }

    /// Adds what witnesses signed to the checkpoint of `size` events; a newer cosignature of the same key replaces the older.
    ///
    /// - Parameter signatures: checked by the caller (``WitnessSubmission``).
    /// - Throws: as ``latest()``.
    public func add(_ signatures: [SignedNote.Signature], to size: Int64) throws {
        try write { database in
            let text = try String.fetchOne(database, sql: "SELECT note FROM checkpoint WHERE size = ?", arguments: [size])
            // One that is damaged is dropped by whoever reads it.
            guard let text, var note = try? SignedNote(bytes: Array(text.utf8)) else { return }
            for signature in signatures {
                note.signatures.removeAll { $0.name == signature.name && $0.keyID == signature.keyID }
                note.signatures.append(signature)
            }
            try database.execute(sql: "UPDATE checkpoint SET note = ? WHERE size = ?", arguments: [note.description, size])
        }
    }

    /// The first row that holds what it should; those before it are dropped.
    private func first(_ sql: String, _ arguments: StatementArguments) throws -> Issued? {
        while true {
            let found: Row?
            do {
                found = try database.read { try Row.fetchOne($0, sql: sql, arguments: arguments) }
            } catch let error as DatabaseError {
                throw ProofsDatabase.unavailable(error)
            }
            guard let found else { return nil }
            let size: Int64 = found["size"]
            if let issued = read(found), issued.checkpoint.tree.size == size { return issued }
            try write { try $0.execute(sql: "DELETE FROM checkpoint WHERE size = ?", arguments: [size]) }
            report("the kept checkpoint of \(size) events was damaged and is dropped: it is signed anew when it is asked for")
        }
    }

    /// Nil unless the row holds a checkpoint that this log's key has signed.
    private func read(_ row: Row) -> Issued? {
        // Taken as optional: GRDB ends the process on a NULL that is not, and the file may be damaged.
        guard let text = row["note"] as String?, let signedAt = row["signed_at"] as Int64?, let note = try? SignedNote(bytes: Array(text.utf8)),
            let checkpoint = try? Checkpoint(note, trusting: [key.verifierKey])
        else { return nil }
        return Issued(checkpoint: checkpoint, note: note, signedAt: Instant(millisecondsSinceEpoch: signedAt))
    }

    private func write(_ body: (Database) throws -> Void) throws {
        do {
            try database.write(body)
        } catch let error as DatabaseError {
            throw ProofsDatabase.unavailable(error)
        }
    }
}
