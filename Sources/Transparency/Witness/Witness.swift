import EventStore
import Foundation
import GRDB
public import Timekeeping

/// Cosigns the checkpoints of other logs (C2SP tlog-witness): never two that contradict each other.
///
/// What it cosigned last for each log is in `witness.sqlite`, durably before it answers. That file must not be lost or
/// restored to an older copy: a witness that forgot would cosign another history.
public struct Witness: Sendable {
    private let database: DatabaseQueue
    private let key: WitnessKey
    private let logs: [VerifierKey]
    private let time: TimeSource

    /// - Parameters:
    ///   - path: path of `witness.sqlite`; its folder must exist.
    ///   - key: cosigns.
    ///   - logs: the keys of the logs that are witnessed; their names are the origins.
    /// - Throws: ``TransparencyError`` `storageUnavailable`, also if SQLite would not promise durability.
    public init(path: String, key: WitnessKey, logs: [VerifierKey], time: TimeSource = .system) throws {
        self.key = key
        self.logs = logs
        self.time = time
        do {
            var configuration = Configuration()
            configuration.label = "relais.witness"
            configuration.busyMode = .timeout(5)
            database = try DatabaseQueue(path: path, configuration: configuration)
            let synchronous = try database.writeWithoutTransaction { database in
                // EXTRA: with a rollback journal, FULL does not sync the journal's removal.
                try database.execute(sql: "PRAGMA synchronous = EXTRA")
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS cosigned(
                            origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root_hash BLOB NOT NULL
                        ) STRICT, WITHOUT ROWID
                        """
                )
                return try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
            guard synchronous == 3 else {
                throw TransparencyError(.storageUnavailable, "The witness's database would not promise durability: not starting.")
            }
        } catch let error as DatabaseError {
            throw ProofsDatabase.unavailable(error)
        }
    }

    /// The key its cosignatures are checked with.
    public var verifierKey: VerifierKey { key.verifierKey }

    /// Answers `POST add-checkpoint`.
    ///
    /// 200 with a cosignature line; 400 not a request; 403 no valid signature of a trusted key; 404 unknown origin; 409 with
    /// the size cosigned last; 422 not proven to continue it.
    ///
    /// - Throws: ``TransparencyError`` `storageUnavailable`: nothing was cosigned.
    public func addCheckpoint(_ body: [UInt8]) throws -> WitnessResponse {
        do {
            // Comparing and keeping in one transaction: two requests at once cannot both continue the same tree.
            return try database.write { database in
                let decision = try WitnessDecision.on(body, trusting: logs) { try Self.cosigned($0, in: database) }
                switch decision {
                case .refuse(let response): return response
                case .cosign(let tree, let text):
                    try Self.keep(tree, text, in: database)
                    let seconds = time.now().millisecondsSinceEpoch / 1000
                    let line = try key.cosign(text, at: max(seconds, 1))
                    return WitnessResponse(status: 200, body: Array("\(line)\n".utf8))
                }
            }
        } catch let error as DatabaseError {
            throw ProofsDatabase.unavailable(error)
        }
    }

    private static func keep(_ tree: TreeHead, _ text: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO cosigned(origin, size, root_hash) VALUES (?, ?, ?)",
            arguments: [try Checkpoint(text: text).origin, tree.size, Data(tree.rootHash.bytes)]
        )
    }

    private static func cosigned(_ origin: String, in database: Database) throws -> TreeHead? {
        let row = try Row.fetchOne(database, sql: "SELECT size, root_hash FROM cosigned WHERE origin = ?", arguments: [origin])
        guard let row else { return nil }
        guard let root = Hash256(bytes: row["root_hash"] as Data) else {
            throw TransparencyError(.storageUnavailable, "What was cosigned last cannot be read: restore witness.sqlite.")
        }
        return TreeHead(size: row["size"], rootHash: root)
    }
}
