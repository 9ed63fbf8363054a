import Coordination
import Crypto
import EventStore
import Foundation
import GRDB
import Pathways
import Sealing
import Synchronization
import TestSupport
import Timekeeping

/// A territory on disk with its keys, and patients who are known by a number.
struct SealedTerritory {
    private let directory: TemporaryDirectory
    let path: String
    let log: SQLiteEventLog
    let vault: KeyVault
    let coordinator: Coordinator
    let desk: ErasureDesk

    static let identity = "test-territory"

    init() throws {
        directory = try TemporaryDirectory()
        path = "\(directory.path)/data"
        let clock = ManualClock(World.start)
        vault = try KeyVault.open(directory: path, identity: Self.identity, master: try MasterKey(bytes: Array(1...32)), time: clock.source)
        log = try SQLiteEventLog.open(.init(directory: path, identity: Self.identity, sealer: vault, time: clock.source))
        let chance = Mutex(SplitMix64(seed: 1))
        let ids = EventIDGenerator(time: clock.source) { chance.withLock { $0.next() } }
        coordinator = Coordinator(log: log, sealer: vault, streams: World.streams, time: clock.source, ids: ids)
        desk = ErasureDesk(coordinator: coordinator, keys: vault)
    }

    func patient(_ number: Int) -> StreamID { World.streams.patient(LocalIdentifier(authority: "CHT", value: "P\(number)")) }

    /// Records that patients are known, each under a key of their own, and an answer.
    /// - Returns: the id of each key.
    @discardableResult
    func know(_ numbers: ClosedRange<Int>) async throws -> [String] {
        var keys: [String] = []
        for number in numbers {
            let author = Author(source: "urn:relais:test", occurredAt: World.start)
            let command = CommandKey(scope: "test", key: "\(number)", body: [], match: .keyAlone)
            _ = try await coordinator.perform(command) { work in
                work.record(OppositionLifted(statedAt: World.start, by: Attribution(rpps: Staff.referent)), on: patient(number), by: author)
                work.concern(SealingRequest(stream: patient(number), patient: patient(number)))
                return [1]
            }
            keys += try vault.keys(ofPatient: patient(number)).map(\.keyID)
        }
        return keys
    }

    func erase(_ number: Int) async throws {
        var state = TerritoryState()
        try state.evolve(with: TerritoryPublished(territory: Self.identity, digest: "0", content: SmallTerritory().yaml))
        let caller = try Caller(urn: Staff.referent, in: state)
        _ = try await desk.erase([patient(number)], reason: .order, by: caller)
    }

    /// Closes both and leaves files that stand alone.
    func close() async throws {
        await log.close()
        try vault.close()
    }

    func tamperWithKeys(_ sql: String) throws {
        try DatabaseQueue(path: "\(path)/keys.sqlite").write { database in
            for trigger in try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try database.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try database.execute(sql: sql)
        }
    }

    func checkKeys() throws -> KeyReport {
        let reader = try SQLiteEventLog.openReadOnly(directory: path)
        let hasKeys = FileManager.default.fileExists(atPath: "\(path)/keys.sqlite")
        return try KeyCheck.run(reader, hasKeys ? try KeyInventory.openReadOnly(directory: path) : nil)
    }
}
