import EventStore
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// Building from nothing: many pages in one transaction, most indexes at the end.
@Suite struct BulkBuildTests {
    /// Stands for a key store that cannot be read when one event is opened.
    private struct BrokenKeys: PayloadSealer {
        let event: EventID

        func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map { _ in nil } }
        func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }
        func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
            // What is sealed is bound to its event: one byte for the part, two for the length, then the id.
            guard associatedData.count >= 19, EventID(bytes: associatedData[3..<19]) == event else { return sealed }
            throw EventStoreError(.storageUnavailable, "the key store cannot be read")
        }
    }

    private func history() async throws -> World {
        let world = try World()
        try await world.publish(TestTerritory.yaml())
        for visit in ["V1", "V2", "V3"] { try await world.stay(visit) }
        return world
    }

    @Test func viewsMadeFromNothingAreThoseThatFollowed() async throws {
        var history = try RandomHistory(seed: 6)
        let followed = history.world
        let runner = try followed.runner(sealer: history.keys)
        // Opened before the first event, it follows them one by one.
        for _ in 0..<40 {
            try await history.run(steps: 2)
            let position = try await runner.loadCheckpoint().position
            let events = try followed.log.read(after: position, limit: .max)
            let last = events.last?.position ?? position
            try await runner.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: last, epoch: try followed.log.head().epoch)))
        }
        let maintained = try followed.digests()
        let other = try World()
        try followed.runner(in: other.directory, sealer: history.keys).catchUp(pageSize: 3)
        #expect(try other.digests() == maintained)
        // They have the same indexes, too.
        func indexes(_ world: World) throws -> [String] {
            try world.views().read { try $0.statement("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name").rows { $0.string(0) } }
        }
        #expect(try indexes(other) == indexes(followed))
    }

    @Test func anEmptyLogHasEmptyLists() throws {
        let world = try World()
        try world.catchUp()
        #expect(try world.list(TestTerritory.camille).items.isEmpty)
        #expect(try ProjectionReader(views: try world.views()).status().allSatisfy { $0.isShown && $0.rebuilding == nil })
    }

    @Test func aPageThatCannotBeOpenedLosesNothingBeforeIt() async throws {
        let world = try await history()
        let broken = try #require(try world.log.read(after: 5, limit: 1).first)
        let runner = try world.runner(sealer: BrokenKeys(event: broken.id))
        #expect(throws: EventStoreError(.storageUnavailable, "")) { try runner.catchUp(pageSize: 2) }
        // Nobody is shown a part of the lists.
        #expect(throws: ViewError.beingBuilt(projection: "todo", position: 4)) { try world.list(TestTerritory.camille) }
        #expect(try ProjectionReader(views: try world.views()).status().allSatisfy { !$0.isShown && $0.rebuilding == 4 })
        try world.catchUp()
        let rebuilt = try world.digests()
        let other = try World()
        try world.runner(in: other.directory).catchUp()
        #expect(try other.digests() == rebuilt)
    }

    @Test func onlyWhatIsEmptyIsBuilt() async throws {
        let world = try await history()
        try world.catchUp()
        try await world.stay("V4")
        var generations = try ProjectionReader(views: try world.views()).generations()
        try world.catchUp()
        #expect(try ProjectionReader(views: try world.views()).generations().map(\.number) == generations.map(\.number))
        generations = try ProjectionReader(views: try world.views()).generations()
        #expect(generations.allSatisfy { $0.state == .live && $0.number == 1 })
    }
}
