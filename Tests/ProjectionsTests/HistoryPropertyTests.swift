import EventStore
import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

@testable import Projections

/// Seeded random histories; a failure names its seed.
@Suite struct HistoryPropertyTests {
    static let seeds: [UInt64] = [1, 2, 3, 4]

    @Test(arguments: seeds)
    func listsSayWhatTheDomainSays(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed)
        for _ in 0..<6 {
            try await history.run(steps: 25)
            try history.world.catchUp(pageSize: 7, sealer: history.keys)
            let (listed, expected) = (try history.listedEntries(), history.expectedEntries())
            #expect(listed == expected, "seed \(seed)")
        }
        #expect(!history.expectedEntries().isEmpty, "seed \(seed) tests nothing")
    }

    @Test(arguments: seeds)
    func aListReadAsItStoodIsTheListOfThen(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed, erases: false)
        try await history.run(steps: 90)
        let world = history.world
        let now = world.clock.now
        let runner = try world.runner()
        let reader = ToDoReader(views: try world.views())
        let head = try world.log.head()
        var captured: [[ToDoList]] = []
        for position in 1...head.position {
            // One event at a time: each position is once the last one.
            try await runner.handle(
                EventPage(
                    events: try world.log.read(after: position - 1, limit: 1),
                    checkpoint: FollowerCheckpoint(position: position, epoch: head.epoch)
                )
            )
            captured.append(try TestTerritory.everybody.map { try reader.list(rpps: $0, now: now) })
        }
        for (index, lists) in captured.enumerated() {
            let again = try TestTerritory.everybody.map { try reader.list(rpps: $0, asOf: Int64(index + 1), now: now) }
            #expect(again == lists, "seed \(seed), position \(index + 1)")
        }
        #expect(Set(captured.map { $0.map(\.items) }).count > 20, "seed \(seed) hardly changes a list")
    }

    @Test(arguments: seeds)
    func rebuiltIsMaintainedByteForByte(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed)
        var random = SplitMix64(seed: seed)
        let world = history.world
        for _ in 0..<6 {
            try await history.run(steps: 30)
            // Another runner each time, as after a restart; pages of any size.
            try world.catchUp(pageSize: Int.random(in: 1...40, using: &random), sealer: history.keys)
        }
        let maintained = try world.digests()
        for name in ProjectionRunner.names {
            try world.runner(sealer: history.keys).rebuild(name, pageSize: Int.random(in: 1...50, using: &random))
        }
        #expect(try world.digests() == maintained, "seed \(seed)")
        try world.runner(sealer: history.keys).rebuildAll(pageSize: Int.random(in: 1...50, using: &random))
        #expect(try world.digests() == maintained, "seed \(seed)")
        #expect(try await fromNothing(world, history.keys) == maintained, "seed \(seed)")
    }

    /// The same while projections change version, rebuilds are killed at any page, and people go back to what was kept.
    @Test(arguments: seeds)
    func rebuiltIsMaintainedThroughVersionsCrashesAndReverts(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed)
        var random = SplitMix64(seed: seed &+ 99)
        let world = history.world
        try await history.run(steps: 20)
        try world.catchUp(sealer: history.keys)
        for round in 0..<10 {
            try await history.run(steps: 12)
            // Whatever the seed draws beside.
            if round == 4 { try await history.erase() }
            let name = ProjectionRunner.names.randomElement(using: &random) ?? "todo"
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                // As if the file had been written by the release before.
                let connection = try ViewConnection(path: ViewFile(directory: world.directory).path, access: .writing)
                try connection.execute("UPDATE projection SET version = version - 1 WHERE name = '\(name)' AND state = 'live'")
            case 1: _ = try? world.runner(sealer: history.keys).revert(name, pageSize: 5)
            case 2: try world.runner(sealer: history.keys).dropOld(Bool.random(using: &random) ? name : nil)
            default: break
            }
            var pages = Int.random(in: 0..<12, using: &random)
            let size = Int.random(in: 1...30, using: &random)
            _ = try world.runner(sealer: history.keys).build([name], pageSize: size) {
                pages -= 1
                return pages >= 0
            }
            if Bool.random(using: &random) { try world.catchUp(pageSize: size, sealer: history.keys) }
        }
        try world.catchUp(sealer: history.keys)
        #expect(try await fromNothing(world, history.keys) == (try world.digests()), "seed \(seed)")
    }

    /// The digests of views that another directory makes of the same log.
    private func fromNothing(_ world: World, _ keys: DestroyedKeys) async throws -> [String: Hash256] {
        let other = FileManager.default.temporaryDirectory.appendingPathComponent("proj-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other) }
        try world.runner(in: other, sealer: keys).catchUp(pageSize: 2_000)
        return try ProjectionReader.digests(in: other)
    }

    /// What the properties hold of must happen in them.
    @Test func historiesHoldEverythingThatViewsTellApart() async throws {
        var totals: [String: Int64] = [:]
        for seed in Self.seeds + [5, 6, 7, 8] {
            var history = try RandomHistory(seed: seed, erases: false)
            try await history.run(steps: 120)
            try history.world.catchUp()
            let queries = [
                "merges": "SELECT count(*) FROM patient_link",
                "windows that moved": "SELECT count(*) - count(DISTINCT follow_up) FROM todo_plan",
                "leaves": "SELECT count(*) FROM todo_visit WHERE status = 'onLeave'",
                "decisions": "SELECT count(*) FROM feed_quarantine WHERE status <> 'waiting'",
                "orphans": "SELECT count(*) FROM feed_held JOIN feed_orphan USING (message)",
                "deaths": "SELECT count(*) FROM todo_entry WHERE withdrawal = 'deceased'",
                "other owners": "SELECT count(*) - count(DISTINCT stream) FROM timeline_owner",
            ]
            for (name, query) in queries {
                totals[name, default: 0] += try history.world.views().read { try $0.statement(query).first { $0.int64(0) } ?? 0 }
            }
        }
        #expect(totals.values.allSatisfy { $0 > 0 }, "\(totals)")
    }

    @Test func theDigestSeesOneChangedByte() async throws {
        var history = try RandomHistory(seed: 9)
        try await history.run(steps: 60)
        try history.world.catchUp()
        let before = try history.world.digests()
        let connection = try ViewConnection(path: ViewFile(directory: history.world.directory).path, access: .writing)
        try connection.execute("UPDATE todo_patient_1 SET city = 'CHALLANT' WHERE from_position = (SELECT min(from_position) FROM todo_patient_1)")
        let after = try history.world.digests()
        #expect(after["todo"] != before["todo"] && after["timeline"] == before["timeline"])
    }
}
