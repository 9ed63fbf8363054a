import EventStore
import Foundation
import Logging
import Projections
import Sealing
import Timekeeping

/// A data directory opened by a reading command: read-only beside a running server; when none runs, the views are first brought up to the log.
struct ReadingNode {
    let directory: NodeDirectory
    let keys: KeyVault
    let log: SQLiteEventReader
    let views: Views

    /// - Throws: `Failure`, `EventStoreError`, `ViewError`.
    static func open(_ directory: NodeDirectory) async throws -> ReadingNode {
        let settings = try directory.settings()
        if let node = try openIfUnowned(directory) {
            try node.projections.catchUp()
            await node.close()
        }
        let keys = try NodeKeys.openReadOnly(directory, settings)
        let log = try SQLiteEventLog.openReadOnly(directory: directory.path, sealer: keys)
        let node = ReadingNode(directory: directory, keys: keys, log: log, views: try Views(directory: directory.path))
        try await node.waitForViews()
        return node
    }

    private static func openIfUnowned(_ directory: NodeDirectory) throws -> Node? {
        do {
            return try Node.open(directory, logger: .quiet)
        } catch EventStoreError.Code.ownedByAnother {
            return nil
        }
    }

    /// What was recorded before the command began shows in its answer.
    private func waitForViews() async throws {
        let head = try log.head()
        for _ in 0..<200 {
            if try ProjectionReader(views: views).status().allSatisfy({ $0.lag(behind: head) == 0 }) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Console.say("note: the views are behind the log; the answer may lack the last events")
    }

    /// The référent-parcours in force.
    func referent() throws -> String? { try DirectoryReader(views: views).referent()?.rpps }
}
