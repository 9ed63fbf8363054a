import Coordination
import EventStore
import Sealing

/// What `relais verify` says of a directory's keys: each that the log refers to is there or was erased, and each that is there unwraps.
struct NodeKeyCheck {
    var report = KeyReport()
    /// What unwrapping every key found; nil if the master key is not here, or there is nothing to unwrap.
    var vault: VaultReport?

    var isSound: Bool { report.isSound }

    /// - Throws: `Failure` if the settings cannot be understood; `EventStoreError` if a file cannot be read at all.
    static func run(_ directory: NodeDirectory, _ settings: NodeDirectory.Settings, log: SQLiteEventReader) throws -> NodeKeyCheck {
        var check = NodeKeyCheck()
        do {
            var progress = ProgressLine()
            defer { progress.end() }
            let inventory = try inventory(of: directory)
            check.report = try KeyCheck.run(log, inventory) { position, total in progress.show("keys", position, of: total) }
            guard let inventory else { return check }
            if inventory.identity != settings.territory {
                check.report.add(.init(keyID: nil, detail: "keys.sqlite holds the keys of \(inventory.identity), not of \(settings.territory)"))
            }
            try check.unwrap(directory, settings, &progress)
        } catch let error as EventStoreError where error.code == .corrupted {
            check.report.add(.init(keyID: nil, detail: error.message))
        }
        return check
    }

    /// Nil if there is no key store.
    private static func inventory(of directory: NodeDirectory) throws -> KeyInventory? {
        do {
            return try KeyInventory.openReadOnly(directory: directory.path)
        } catch SealingError.Code.noKeyStore {
            return nil
        }
    }

    private mutating func unwrap(_ directory: NodeDirectory, _ settings: NodeDirectory.Settings, _ progress: inout ProgressLine) throws {
        do {
            guard let keys = try NodeKeys.openReadOnlyIfMasterIsHere(directory, settings) else { return }
            let found = try keys.check { done, total in progress.show("unwrapping keys", Int64(done), of: Int64(total)) }
            for problem in found.problems { report.add(.init(keyID: problem.keyID, detail: problem.problem)) }
            vault = found
        } catch let failure as Failure {
            // The master key is here, and is another.
            report.add(.init(keyID: nil, detail: failure.description))
        }
    }
}
