import Coordination
import EventStore
import LogTesting
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite("Each territory looks for what must be handed over")
struct HandOverFollowerTests {
    @Test func aMoveThatIsStatedLaterIsFound() async throws {
        let here = try await Neighbourhood()
        try await here.admit(home: here.west.address, in: here.west)
        try await here.follow(try here.follower(here.west), here.west)
        #expect(try here.west.state().status == .admitted)
        // The identity alone: the visit is known from before, by another run of the process.
        try await here.state(nil, home: here.east.address, in: here.west)
        try await here.follow(try here.follower(here.west), here.west)
        #expect(try here.west.state().status == .closed && here.east.state().status == .admitted)
    }

    @Test func allVisitsOfThePatientGoAndThoseOfOthersStay() async throws {
        let here = try await Neighbourhood()
        for visit in ["V1", "V2"] { try await here.admit(home: here.west.address, visit: visit, in: here.west) }
        let other = VisitReport.movement(.admission, here.movement("1", World.start), nil)
        try await here.state(other, home: here.west.address, visit: "V3", patient: "P2", in: here.west)
        try await here.follow(try here.follower(here.west), here.west, pageSize: 1)
        try await here.state(nil, home: here.east.address, in: here.west)
        try await here.follow(try here.follower(here.west), here.west, pageSize: 1)
        #expect(try ["V1", "V2", "V3"].map { try here.west.state($0).status } == [.closed, .closed, .admitted])
        #expect(try here.east.events("V3").isEmpty)
    }

    @Test func aTerritoryThatRefusesHoldsUpNoOther() async throws {
        let here = try await Neighbourhood(count: 3)
        let (west, east, south) = (here.west, here.east, here.towns[2])
        let admission = VisitReport.movement(.admission, here.movement("1", World.start), nil)
        try await here.state(admission, home: east.address, visit: "V1", patient: "P1", in: west)
        try await here.state(admission, home: south.address, visit: "V2", patient: "P2", in: west)
        east.log.set { $0.refusesAppends = true }
        let follower = try here.follower(west)
        try await here.follow(follower, west)
        #expect(try west.state("V1").status == .admitted && west.state("V2").status == .closed)
        let waiting = try west.store().waiting()
        #expect(waiting.map(\.pathway) == [west.pathway("V1")])
        #expect(waiting.first?.problem.contains("diskFull") == true)

        #expect(try await follower.retryWaiting() == 0)
        east.log.set { $0.refusesAppends = false }
        #expect(try await follower.retryWaiting() == 1)
        #expect(try west.store().waiting() == [] && west.state("V1").status == .closed)
        #expect(try await follower.retryWaiting() == 0)
    }

    @Test func aRunThatDiedBeforeItsCheckpointDoesNothingTwice() async throws {
        let here = try await Neighbourhood(.sqlite)
        try await here.admit(home: here.east.address, in: here.west)
        let events = try here.west.log.read(after: 0, limit: .max)
        let page = EventPage(events: events, checkpoint: FollowerCheckpoint(position: Int64(events.count), epoch: here.west.log.epoch))
        try await here.follower(here.west).handle(page)
        let heads = try here.towns.map { try $0.head() }
        // Its memory is lost, and everything comes again.
        let lost = try HandOverStore(path: "\(here.west.directory.path)/other.sqlite")
        let again = HandOverFollower(here.west.served, handOver: here.handOver, store: lost)
        try await again.handle(page)
        #expect(try here.towns.map { try $0.head() } == heads)
        #expect(try await again.loadCheckpoint() == page.checkpoint && lost.waiting() == [])
    }

    @Test func anOlderEpochMovesNothing() async throws {
        let here = try await Neighbourhood()
        let follower = try here.follower(here.west)
        try await follower.handle(EventPage(events: [], checkpoint: FollowerCheckpoint(position: 9, epoch: 2)))
        try await follower.handle(EventPage(events: [], checkpoint: FollowerCheckpoint(position: 12, epoch: 1)))
        #expect(try await follower.loadCheckpoint() == FollowerCheckpoint(position: 9, epoch: 2))
    }
}
