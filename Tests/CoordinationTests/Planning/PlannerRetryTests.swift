import Coordination
import EventStore
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// Parked work of the planner can be tried again, or done without.
@Suite struct PlannerRetryTests {
    /// A sealer that cannot open the spoilt event until a test mends it: a release that can read it.
    private final class Mending: PayloadSealer {
        let isMended = Mutex(false)

        func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map { _ in nil } }
        func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }
        func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
            // An erased event is passed over, as a mended one would be folded.
            sealed == Array("{".utf8) && isMended.withLock { $0 } ? nil : sealed
        }
    }

    @Test(arguments: LogKind.allCases)
    func aMendedPathwayIsPlannedByRetry(kind: LogKind) async throws {
        let world = try await World(kind)
        for visit in ["V1", "V2"] {
            try await world.admit(visit)
            try await world.discharge(visit)
        }
        try await world.spoil("V2")
        let sealer = Mending()
        let planner = FollowUpPlanner(coordinator: world.anotherCoordinator(sealer: sealer))
        let store = try world.store()
        let deadlines = SQLiteDeadlineStore(store: store)
        let follower = ReactorFollower(
            PlannerReactor(planner: planner, deadlines: deadlines),
            store: store,
            log: world.log,
            time: world.clock.source
        )
        try await world.catchUp(follower)
        #expect(try follower.parked().map(\.sequence) == [world.pathway("V2")])
        #expect(try world.count(FollowUpsPlanned.type) == 1)

        #expect(try await follower.retry(world.pathway("V2")).remaining.first?.attempts == 2)
        sealer.isMended.withLock { $0 = true }
        let retried = try await follower.retry(world.pathway("V2"))
        #expect(retried.done == 1 && retried.remaining.isEmpty)
        #expect(try world.count(FollowUpsPlanned.type) == 2)
        // Its timer is back with it.
        world.clock.set(World.homeReturnLimit)
        let scheduler = DeadlineScheduler(planner: planner, deadlines: deadlines, parking: store, time: world.clock.source)
        #expect(try await scheduler.fireDue() == 2)
    }

    @Test func aDiscardedItemLeavesThePathwayAsItIs() async throws {
        let world = try await World()
        try await world.admit()
        try await world.discharge()
        try await world.spoil("V1")
        let follower = world.follower(try world.store(), world.anotherCoordinator())
        try await world.catchUp(follower)
        let item = try #require(try follower.parked().first)
        #expect(try follower.discard(item.id, reason: "planned by hand", by: "urn:relais:operator") != nil)
        #expect(try follower.parked().isEmpty)
        #expect(try world.count(FollowUpsPlanned.type) == 0)
    }
}
