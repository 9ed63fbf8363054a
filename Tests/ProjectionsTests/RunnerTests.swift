import EventStore
import Foundation
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Projections

@Suite struct RunnerTests {
    typealias People = TestTerritory

    private func someHistory(_ world: World) async throws {
        try await world.publish(People.yaml())
        for visit in ["V1", "V2", "V3"] {
            try await world.stay(visit)
            try await world.record(FollowUpsPlanned(followUps: [world.plan("f\(visit)")]), on: world.pathway(visit))
        }
    }

    @Test func aRunnerDroppedBetweenPagesIsGoneOnWith() async throws {
        let world = try World()
        try await someHistory(world)
        let head = try world.log.head()
        for position in stride(from: Int64(0), to: head.position, by: 2) {
            let events = try world.log.read(after: position, limit: 2)
            let runner = try world.runner()
            #expect(try await runner.loadCheckpoint().position == position)
            try await runner.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: position + 2, epoch: head.epoch)))
        }
        #expect(try world.list(People.camille).items.count == 3)
        let status = try ProjectionReader(views: try world.views()).status()
        #expect(status.map(\.name) == ["directory", "feed", "notifications", "patients", "timeline", "todo"])
        #expect(status.allSatisfy { $0.lag(behind: head) == 0 && $0.parked == 0 && $0.rebuilding == nil })
    }

    @Test func thePageThatComesAgainChangesNothing() async throws {
        let world = try World()
        try await someHistory(world)
        let runner = try world.runner()
        try runner.catchUp()
        let before = try world.digests()
        let head = try world.log.head()
        let page = EventPage(
            events: try world.log.read(after: 0, limit: 100),
            checkpoint: FollowerCheckpoint(position: head.position, epoch: head.epoch)
        )
        try await runner.handle(page)
        #expect(try world.digests() == before)
    }

    @Test func aRebuildStoppedHalfwayIsGoneOnWithBesideReaders() async throws {
        let world = try World()
        try await someHistory(world)
        try world.catchUp()
        let maintained = try world.digests()
        var pages = 0
        let wasDone = try world.runner().build(["todo"], pageSize: 2) {
            pages += 1
            return pages <= 3
        }
        #expect(!wasDone)
        #expect(try ProjectionReader(views: try world.views()).status().last?.rebuilding == 6)
        // The live tables are read, and fed, meanwhile.
        #expect(try world.list(People.camille).items.count == 3)
        try await world.stay("V4")
        try world.catchUp()
        let head = try world.log.head().position
        try world.runner().rebuild("todo", pageSize: 2)
        let status = try #require(try ProjectionReader(views: try world.views()).status().last)
        #expect(status.position == head && status.rebuilding == nil)
        #expect(try world.digests()["todo"] != maintained["todo"])
        let rebuilt = try world.digests()
        try world.runner().rebuild("todo")
        #expect(try world.digests() == rebuilt)
        #expect(throws: ViewError.unknownProjection("nothing")) { try world.runner().rebuild("nothing") }
    }

    @Test func anEventThatCannotBeReadParksItsStreamOnly() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        try await world.stay("V2")
        let bad = try await world.record(type: FollowUpsPlanned.type, Array("{\"followUps\":[{\"id\":7}]}".utf8), on: world.pathway("V1"))
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f1")]), on: world.pathway("V1"))
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f2")]), on: world.pathway("V2"))
        try world.catchUp(pageSize: 2)
        #expect(try world.list(People.camille).items.map(\.followUp) == ["f2"])
        // In one page or many, in this process or the next: the same is parked.
        let reader = ProjectionReader(views: try world.views())
        let parked = try reader.parked().filter { $0.projection == "todo" }
        #expect(parked.map(\.position) == [bad.position, bad.position + 1])
        #expect(parked.map(\.stream) == [world.pathway("V1"), world.pathway("V1")])
        #expect(parked.last?.problem == "waits behind position \(bad.position)")
        #expect(parked.first?.problem.contains("id") == true && parked.first?.problem.contains("7") == false)
        #expect(try reader.status().map(\.parked) == [0, 0, 0, 0, 2, 2])
        let before = try world.digests()
        try world.runner().rebuild("todo", pageSize: 3)
        #expect(try world.digests() == before)
        #expect(try reader.parked().filter { $0.projection == "todo" } == parked)
        try world.runner().rebuild("todo")
        #expect(try reader.parked().count == 4)
    }

    @Test func aTerritoryFileThatCannotBeReadParksTheDirectoryOnly() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.publish("not: a territory")
        try world.catchUp()
        let parked = try ProjectionReader(views: try world.views()).parked()
        #expect(parked.map(\.projection) == ["directory"])
        #expect(try DirectoryReader(views: try world.views()).referent()?.rpps == People.camille)
    }

    @Test func viewsOfAnotherHistoryAreMadeAnew() async throws {
        let world = try World()
        try await someHistory(world)
        try world.catchUp()
        // The same positions, another history: a log restored from an older copy that then went another way.
        let other = try World(seed: 2)
        try await other.publish(People.yaml())
        for visit in ["W1", "W2", "W3", "W4"] { try await other.stay(visit) }
        let runner = try other.runner(in: world.directory)
        #expect(try await runner.loadCheckpoint().position == 0)
        try runner.catchUp()
        #expect(try world.list(People.camille).items.isEmpty)
    }

    @Test func aLaterOwnerOfTheDirectoryIsNotOverwritten() async throws {
        let world = try World()
        try await someHistory(world)
        let runner = try world.runner()
        let first = try world.log.read(after: 0, limit: 3)
        try await runner.handle(EventPage(events: first, checkpoint: FollowerCheckpoint(position: 3, epoch: 5)))
        let next = EventPage(events: try world.log.read(after: 3, limit: 3), checkpoint: FollowerCheckpoint(position: 6, epoch: 4))
        await #expect(throws: ViewError.superseded(savedEpoch: 5, epoch: 4)) { try await runner.handle(next) }
        // Nothing of the refused page was kept.
        #expect(try ProjectionReader(views: try world.views()).status().allSatisfy { $0.position == 3 })
        #expect(try await runner.loadCheckpoint().position == 3)
    }

    @Test func aDamagedFileIsMadeAnew() async throws {
        let world = try World()
        try await someHistory(world)
        try world.catchUp()
        let before = try world.digests()
        let path = ViewFile(directory: world.directory).path
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try Data("this is no database, and never was one".utf8).write(to: URL(fileURLWithPath: path))
        try world.catchUp()
        #expect(try world.digests() == before)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode.map { $0 & 0o077 } == 0)
    }

    @Test func viewsThatWereNeverMadeAreMissed() throws {
        let world = try World()
        #expect(throws: ViewError.missing) { try world.views() }
    }

    @Test(.timeLimit(.minutes(5)))
    func itFollowsTheLogAndWakesWhoWaits() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        let runner = try world.runner()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            for visit in ["V1", "V2", "V3"] {
                try await world.stay(visit)
                let planned = try await world.record(FollowUpsPlanned(followUps: [world.plan("f\(visit)")]), on: world.pathway(visit))
                #expect(try await runner.wait(for: planned.position, atMost: 120_000))
                #expect(try world.list(People.camille, asOf: planned.position).items.contains { $0.followUp == "f\(visit)" })
            }
            let head = try world.log.head()
            #expect(try await runner.wait(for: head.position + 1, atMost: 1) == false)
            #expect(try await runner.nextChange(after: 0) >= head.position)
            #expect(runner.status.lag(behind: head) == 0 && runner.status.lastError == nil)
            group.cancelAll()
        }
        #expect(runner.status.state == .stopped)
    }

    @Test func erasedEventsCountNowhere() async throws {
        let world = try World()
        try await someHistory(world)
        let erasing = ErasingSealer(stream: world.pathway("V1"))
        try world.catchUp(sealer: erasing)
        #expect(try world.list(People.camille).items.map(\.followUp) == ["fV2", "fV3"])
        #expect(try ProjectionReader(views: try world.views()).parked().isEmpty)
    }
}

/// Stands for a sealer whose key of one stream was destroyed.
private struct ErasingSealer: PayloadSealer {
    let stream: StreamID

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map { _ in nil } }
    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }
    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        // What is sealed is bound to its stream.
        associatedData.firstRange(of: stream.bytes) == nil ? sealed : nil
    }
}
