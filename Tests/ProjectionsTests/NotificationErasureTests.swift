import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// What was said of an erased patient, and of an erased recipient, stands in no ledger.
@Suite struct NotificationErasureTests {
    typealias People = TestTerritory

    /// A message to Nicolas of two visits, and one of each alone.
    private func history(_ world: World) async throws -> [ToldItem] {
        try await world.publish(People.yaml())
        for visit in ["V1", "V2"] {
            try await world.stay(visit)
            try await world.record(FollowUpsPlanned(followUps: [world.plan("f\(visit)")]), on: world.pathway(visit))
        }
        let items = ["V1", "V2"].map { world.told($0, "f\($0)") }
        try await world.handOver("both", items, to: People.nicolas)
        for (number, item) in items.enumerated() { try await world.handOver("m\(number + 1)", [item], to: People.nicolas) }
        world.clock.move(to: world.clock.now.adding(minutes: 10))
        for visit in ["V1", "V2"] {
            let by = Attribution(rpps: People.nicolas)
            try await world.record(FollowUpAccepted(followUp: "f\(visit)", at: world.clock.now, by: by), on: world.pathway(visit))
        }
        return items
    }

    /// Views that follow, those rebuilt beside them, and those made from nothing say the same.
    private func expectRebuiltIsMaintained(_ world: World, _ keys: DestroyedKeys) throws {
        let maintained = try world.digests()
        try world.runner(sealer: keys).rebuild("notifications", pageSize: 3)
        #expect(try world.digests() == maintained)
        let other = FileManager.default.temporaryDirectory.appendingPathComponent("proj-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other) }
        try world.runner(in: other, sealer: keys).catchUp()
        #expect(try ProjectionReader.digests(in: other) == maintained)
    }

    private func rows(_ table: String, _ condition: String, _ world: World) throws -> Int64 {
        try world.views().read { try $0.statement("SELECT count(*) FROM \(table) WHERE \(condition)").first { $0.int64(0) } ?? -1 }
    }

    @Test func ofAMergedMessageOnlyTheErasedPathwaysPartGoes() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        let items = try await history(world)
        try world.catchUp(sealer: keys)
        #expect(try world.ledger(of: People.nicolas).lines.map(\.message.id) == ["both", "both", "m1", "m2"])
        #expect(try world.ledger("V2").map { $0.acted?.kind } == [.accepted, .accepted])
        let before = try world.log.head().position
        try await world.erase([world.patient("PV2"), world.pathway("V2")], keys)
        try world.catchUp(sealer: keys)

        #expect(try world.ledger("V2").isEmpty && world.ledger("V2", asOf: before).isEmpty)
        #expect(try world.ledger(of: People.nicolas).lines.map(\.message.id) == ["both", "m1"])
        let line = try #require(try world.ledger("V1").first)
        #expect(line.message.items == [items[0]] && line.acted?.kind == .accepted && line.stage == .handedOver)
        for (table, column) in [("notifications_item", "follow_up"), ("notifications_act", "follow_ups")] {
            #expect(try rows(table, "\(column) = 'fV2'", world) == 0)
            #expect(try rows(table, "\(column) = 'fV1'", world) > 0)
        }
        #expect(try rows("notifications_pathway", "1", world) == 1)
        try expectRebuiltIsMaintained(world, keys)
    }

    @Test func aFactThatComesAfterTheErasureBringsNothingBack() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        let items = try await history(world)
        try world.catchUp(sealer: keys)
        try await world.erase([world.pathway("V2")], keys)
        // Another channel of messages that were handed over before, and one that is first heard of now.
        try await world.handOver("both", items, to: People.nicolas, .sms)
        try await world.handOver("m2", [items[1]], to: People.nicolas, .sms)
        try await world.open("m2", by: People.nicolas)
        try await world.giveUp("late", [items[1]], to: People.amelie, told: People.camille)
        try world.catchUp(sealer: keys)
        #expect(try world.ledger("V2").isEmpty && world.ledger(of: People.amelie).lines.isEmpty)
        #expect(try world.ledger(of: People.nicolas).lines.map(\.message.id) == ["both", "m1"])
        #expect(try world.ledger("V1").first?.handOvers.map(\.channel) == [.mssante, .sms])
        #expect(try rows("notifications_item", "follow_up = 'fV2'", world) == 0)
        try expectRebuiltIsMaintained(world, keys)

        // The hospital speaks of them again: what is told then is new, and what was told before stays away.
        try await world.stay("V2")
        try await world.handOver("m2", [items[1]], to: People.nicolas, .email)
        try await world.handOver("new", [world.told("V2", nil)], to: People.nicolas)
        try world.catchUp(sealer: keys)
        #expect(try world.ledger("V2").map(\.message.id) == ["new"])
        try expectRebuiltIsMaintained(world, keys)
    }

    @Test func anErasedRecipientHasNoLedgerAndTheOthersKeepTheirs() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        let items = try await history(world)
        try await world.handOver("both", items, to: People.amelie)
        try world.catchUp(sealer: keys)
        try await world.erase([world.recipient(People.nicolas)], keys)
        try await world.deliver("both", to: People.nicolas)
        try world.catchUp(sealer: keys)
        #expect(try world.ledger(of: People.nicolas).lines.isEmpty)
        #expect(try world.ledger("V1").map(\.recipient.rpps) == [People.amelie])
        #expect(try rows("notifications_fact", "message NOT IN (SELECT number FROM notifications_message)", world) == 0)
        #expect(try rows("notifications_message", "rpps = '\(People.nicolas)'", world) == 0)
        try expectRebuiltIsMaintained(world, keys)
    }

    @Test func noByteOfItIsLeftInAnyFile() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        _ = try await history(world)
        try world.catchUp(sealer: keys)
        try await world.erase([world.pathway("V2")], keys)
        let runner = try world.runner(sealer: keys)
        try runner.catchUp()
        try await runner.purge()
        for name in try FileManager.default.contentsOfDirectory(atPath: world.directory) {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(world.directory)/\(name)"))
            #expect(data.range(of: Data("fV2".utf8)) == nil, "\(name)")
        }
    }

    @Test func aNewsOfNoPathwayThatCanBeIsParked() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        let broken = ToldItem(event: world.ids.next().description, template: "offer-named", pathway: "no stream", followUp: nil)
        let position = try await world.handOver("m", [broken], to: People.nicolas)
        try world.catchUp()
        let parked = try ProjectionReader(views: try world.views()).parked()
        #expect(parked.map(\.projection) == ["notifications"] && parked.map(\.position) == [position])
        #expect(try rows("notifications_message", "1", world) == 0)
    }
}
