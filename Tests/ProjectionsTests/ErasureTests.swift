import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct ErasureTests {
    typealias People = TestTerritory
    private static let secret = "EFFACEE-PARTOUT"

    /// Two visits with identities, notes, messages and follow-ups; the second patient is to be erased.
    private func history(_ world: World) async throws {
        try await world.publish(People.yaml())
        for visit in ["V1", "V2"] {
            try await message(world, visit)
            try await world.stay(visit)
            try await world.identify("P\(visit)", visit == "V2" ? Self.secret : "FICTIF", ins: try? Self.ins)
            let plans = FollowUpsPlanned(followUps: [world.plan("f\(visit)", role: .nurse)])
            try await world.record(plans, on: world.pathway(visit))
            try await world.record(world.offer("f\(visit)", to: [People.nicolas], basis: .declared), on: world.pathway(visit))
        }
    }

    private static var ins: INS { get throws { try INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10") } }

    private func message(_ world: World, _ visit: String, application: String = "SIMHOSP", warning: IntakeWarning.Code = .zbe3Valued) async throws {
        let facts = MessageFacts(
            application: application,
            facility: "CHLVO",
            controlID: "M\(visit)",
            trigger: "ADT^A01",
            digest: String(repeating: "0", count: 64),
            byteCount: 10,
            charset: "8859/15"
        )
        let body = MessageReceived(
            facts: facts,
            outcome: .accepted,
            acknowledgement: "AA",
            warnings: [IntakeWarning(warning)],
            pathwayStream: world.pathway(visit).hex,
            subject: world.patient("P\(visit)").hex
        )
        try await world.record(body, on: world.intake)
    }

    /// Destroys what was said of the patient of a visit, and says so in the log.
    private func erase(_ visit: String, _ world: World, _ keys: DestroyedKeys) async throws {
        let streams = [world.patient("P\(visit)"), world.pathway(visit)]
        for stream in streams { keys.destroy(try world.log.read(stream: stream, fromVersion: 1, limit: .max).map(\.id)) }
        for event in try world.log.read(stream: world.intake, fromVersion: 1, limit: .max) {
            if try MessageReceived(payload: event.payload).subject == streams[0].hex { keys.destroy([event.id]) }
        }
        for stream in streams {
            try await world.record(StreamErased(erasure: "019f0000-0000-7000-8000-000000000002"), on: stream)
        }
    }

    private func isFound(_ text: String, _ world: World) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: world.directory).contains { name in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(world.directory)/\(name)"))
            return data.range(of: Data(text.utf8)) != nil
        }
    }

    @Test func theErasedPatientIsInNoViewAndTheOthersStay() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        try await history(world)
        try await message(world, "V2", application: "AUTRE", warning: .unknownSender)
        try world.catchUp(sealer: keys)
        let pathway = world.pathway("V2")
        #expect(try world.list(People.nicolas).items.map(\.followUp).sorted() == ["fV1", "fV2"])
        try await erase("V2", world, keys)
        try world.catchUp(sealer: keys)

        #expect(try world.list(People.nicolas).items.map(\.followUp) == ["fV1"])
        let timeline = TimelineReader(views: try world.views(), log: world.log, sealer: keys)
        #expect(try timeline.timeline(of: pathway) == nil)
        #expect(try timeline.pathways(visit: "V2").isEmpty && timeline.pathway(ofFollowUp: "fV2") == nil)
        #expect(try timeline.timeline(of: world.pathway("V1"))?.entries.isEmpty == false)
        let feed = try FeedReader(views: try world.views(), log: world.log).status(now: world.clock.now)
        // Of the other sender nothing but the erased message was known.
        #expect(feed.senders.map(\.application) == ["SIMHOSP"])
        #expect(feed.senders.first?.accepted == 1 && feed.senders.first?.warnings == ["zbe3-valued": 1])
        #expect(feed.senders.first?.lastReceivedAt == World.start)
        let patients = PatientReader(views: try world.views(), lookupKey: world.lookupKey)
        #expect(try patients.streams(ins: Self.ins) == [world.patient("PV1")])
        // The hospital may speak of them again: that is new.
        try await world.stay("V2")
        try world.catchUp(sealer: keys)
        #expect(try timeline.timeline(of: pathway)?.entries.count == 3)
    }

    @Test func noByteOfItIsLeftInAnyFile() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        try await history(world)
        try world.catchUp(sealer: keys)
        // An earlier generation is kept, another is half built, and a reader has the file open.
        let views = try world.views()
        _ = try ToDoReader(views: views).list(rpps: People.nicolas, now: world.clock.now)
        try world.runner(sealer: keys).rebuild("todo")
        var pages = 0
        try world.runner(sealer: keys).build(["todo"], pageSize: 4) {
            pages += 1
            return pages < 4
        }
        let generations = try ProjectionReader(views: views).generations().filter { $0.projection == "todo" }
        #expect(generations.map(\.state) == [.kept, .live, .building])
        #expect(try isFound(Self.secret, world))

        try await erase("V2", world, keys)
        let runner = try world.runner(sealer: keys)
        try runner.catchUp()
        try await runner.purge()
        #expect(try !isFound(Self.secret, world))
        #expect(try !isFound("fV2", world))
        #expect(try isFound("fV1", world))
        // What is kept can be gone back to, what is half built is gone on with: without the patient.
        try runner.revert("todo")
        #expect(try world.list(People.nicolas).items.map(\.followUp) == ["fV1"])
        try runner.rebuild("todo")
        try await runner.purge()
        #expect(try !isFound(Self.secret, world))
    }

    @Test func keptTablesOfAnotherVersionGoWithThePatient() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        try await history(world)
        try world.catchUp(sealer: keys)
        let connection = try ViewConnection(path: ViewFile(directory: world.directory).path, access: .writing)
        try connection.execute("UPDATE projection SET version = 0 WHERE name = 'todo'")
        try world.catchUp(sealer: keys)
        let reader = ProjectionReader(views: try world.views())
        #expect(try reader.generations().filter { $0.projection == "todo" }.map(\.version) == [0, ToDoProjection.version])
        try await erase("V2", world, keys)
        let runner = try world.runner(sealer: keys)
        try runner.catchUp()
        try await runner.purge()
        #expect(try reader.generations().filter { $0.projection == "todo" }.map(\.version) == [ToDoProjection.version])
        #expect(try !isFound(Self.secret, world))
    }

    @Test func aReaderThatHoldsASnapshotIsWaitedFor() async throws {
        let world = try World()
        try await history(world)
        try world.catchUp()
        let runner = try world.runner()
        let reading = try ViewConnection(path: ViewFile(directory: world.directory).path, access: .reading)
        try reading.execute("BEGIN; SELECT count(*) FROM todo_entry")
        try await world.stay("V3")
        try runner.catchUp()
        await #expect(throws: ViewError.busy) { try await runner.purge(attempts: 1, pause: 0) }
        try reading.execute("COMMIT")
        try await runner.purge(attempts: 1, pause: 0)
    }

    @Test func whatIsParkedOfAnErasedStreamIsDropped() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        try await world.record(type: FollowUpsPlanned.type, Array("{}x".utf8), on: world.pathway("V1"))
        try world.catchUp(sealer: keys)
        let reader = ProjectionReader(views: try world.views())
        #expect(try reader.parked().count == 2)
        try await erase("V1", world, keys)
        try world.catchUp(sealer: keys)
        #expect(try reader.parked().isEmpty)
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f2")]), on: world.pathway("V1"))
        try world.catchUp(sealer: keys)
        #expect(try world.list(People.camille).items.map(\.followUp) == ["f2"])
    }
}
