import Coordination
import EventStore
import LogTesting
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// Notes each effect, and fails where a test says so.
private final class NotingReactor: Reactor {
    struct Outage: Error {}

    struct State {
        var effects: [Int64] = []
        var broken: Set<Int64> = []
        var out: Set<Int64> = []
        var attempts: [Int] = []
        var beforeEffect: (@Sendable (Int64) throws -> Void)?
    }

    let name = "noting"
    let state = Mutex(State())

    var effects: [Int64] { state.withLock { $0.effects } }

    func concerns(_ event: RecordedEvent) -> Bool { event.type != "passed-over" }

    func react(to event: RecordedEvent, in context: EffectContext) async throws {
        try state.withLock { $0.beforeEffect }?(event.position)
        try state.withLock { state in
            state.attempts.append(context.attempt)
            if state.out.contains(event.position) { throw Outage() }
            if state.broken.contains(event.position) { throw PermanentProblem("cannot be done") }
            state.effects.append(event.position)
        }
    }
}

@Suite struct ReactorFollowerTests {
    private static let first = StreamID(hex: String(repeating: "1", count: 32))
    private static let second = StreamID(hex: String(repeating: "2", count: 32))

    /// Events 1, 3, 5 of the first stream and 2, 4, 6 of the second, and whoever reacts to them.
    private struct Setting {
        let directory: TemporaryDirectory
        let clock = ManualClock(World.start)
        let log: InMemoryEventLog
        let store: SQLiteReactorStore
        let reactor = NotingReactor()
        let follower: ReactorFollower
        let one: StreamID
        let two: StreamID

        init() async throws {
            directory = try TemporaryDirectory()
            log = InMemoryEventLog(identity: "test", time: clock.source)
            store = try SQLiteReactorStore(path: "\(directory.path)/reactors.sqlite")
            follower = ReactorFollower(reactor, store: store, log: log, time: clock.source)
            one = try #require(ReactorFollowerTests.first)
            two = try #require(ReactorFollowerTests.second)
            for _ in 0..<3 {
                try await append(one)
                try await append(two)
            }
        }

        func append(_ stream: StreamID, type: String = "happened") async throws {
            let chance = Mutex(SplitMix64(seed: UInt64(try log.head().position)))
            let ids = EventIDGenerator(time: clock.source) { chance.withLock { $0.next() } }
            let event = NewEvent(id: ids.next(), type: type, source: "urn:relais:test", time: clock.now, payload: [])
            _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream, expected: .any, events: [event])]))
        }

        func take(_ size: Int = 100) async throws {
            let events = try log.read(after: try await follower.loadCheckpoint().position, limit: size)
            guard let last = events.last else { return }
            try await follower.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: last.position, epoch: 1)))
        }
    }

    @Test func eachSequenceIsInOrderAndOthersArePassedOver() async throws {
        let setting = try await Setting()
        try await setting.append(setting.one, type: "passed-over")
        try await setting.take()
        #expect(setting.reactor.effects.filter { $0 % 2 == 1 } == [1, 3, 5])
        #expect(setting.reactor.effects.filter { $0 % 2 == 0 } == [2, 4, 6])
        #expect(try await setting.follower.loadCheckpoint().position == 7)
        #expect(try setting.follower.parked().isEmpty)
    }

    @Test(arguments: [1, 2, 100])
    func aPermanentProblemParksItsSequenceAndNoOther(pageSize: Int) async throws {
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.broken = [3] }
        for _ in 0..<6 { try await setting.take(pageSize) }
        #expect(setting.reactor.effects.sorted() == [1, 2, 4, 6])
        let parked = try setting.follower.parked()
        #expect(parked.map(\.position) == [3, 5] && parked.map(\.attempts) == [1, 0])
        #expect(parked.allSatisfy { $0.sequence == setting.one && $0.since == World.start && $0.reactor == "noting" })
        #expect(parked.map(\.problem) == ["cannot be done", "waits behind an earlier event of its sequence"])
        #expect(try await setting.follower.loadCheckpoint().position == 6)
        // What comes later waits too, after a restart as well.
        try await setting.append(setting.one)
        try await setting.take()
        #expect(try setting.follower.parked().map(\.position) == [3, 5, 7])
    }

    @Test func retryRunsWhatIsParkedInOrder() async throws {
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.broken = [1, 5] }
        try await setting.take()
        setting.clock.advance(hours: 1)
        let again = try await setting.follower.retry(setting.one)
        #expect(again.done == 0 && again.remaining.map(\.position) == [1, 3, 5] && again.remaining.first?.attempts == 2)
        #expect(again.remaining.first?.since == World.start)
        setting.reactor.state.withLock { $0.broken = [5] }
        let partly = try await setting.follower.retry(setting.one)
        #expect(partly.done == 2 && partly.remaining.map(\.position) == [5])
        setting.reactor.state.withLock { $0.broken = [] }
        let wholly = try await setting.follower.retry(setting.one)
        #expect(wholly.done == 1 && wholly.remaining.isEmpty)
        #expect(setting.reactor.effects.filter { $0 % 2 == 1 } == [1, 3, 5])
        #expect(setting.reactor.state.withLock { $0.attempts.max() } == 3)
        // The sequence goes on with what the log brings.
        try await setting.append(setting.one)
        try await setting.take()
        #expect(setting.reactor.effects.last == 7)
        let nothing = try await setting.follower.retry(setting.one)
        #expect(nothing.done == 0 && nothing.remaining.isEmpty)
    }

    @Test func discardIsRecordedWithItsReason() async throws {
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.broken = [1] }
        try await setting.take()
        let item = try #require(try setting.follower.parked().first)
        setting.clock.advance(hours: 2)
        #expect(try setting.follower.discard(item.id + 100, reason: "no", by: "urn:relais:operator") == nil)
        let discarded = try #require(try setting.follower.discard(item.id, reason: "told by phone", by: "urn:relais:operator"))
        #expect(discarded.item.position == 1 && discarded.at == World.start.adding(hours: 2))
        #expect(try setting.store.discarded() == [discarded])
        #expect(try setting.follower.parked().map(\.position) == [3, 5])
        #expect(try await setting.follower.retry(setting.one).remaining.isEmpty)
        #expect(setting.reactor.effects.filter { $0 % 2 == 1 } == [3, 5])
    }

    @Test func anOutageStopsThePageAndParksNothing() async throws {
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.out = [2] }
        await #expect(throws: NotingReactor.Outage.self) { try await setting.take() }
        #expect(try await setting.follower.loadCheckpoint() == .start)
        #expect(try setting.follower.parked().isEmpty)
        setting.reactor.state.withLock { $0.out = [] }
        try await setting.take()
        #expect(Set(setting.reactor.effects) == [1, 2, 3, 4, 5, 6])
        // While a retry meets an outage, the item stays as it was.
        setting.reactor.state.withLock { $0.broken = [7] }
        try await setting.append(setting.one)
        try await setting.take()
        setting.reactor.state.withLock { $0.out = [7] }
        await #expect(throws: NotingReactor.Outage.self) { _ = try await setting.follower.retry(setting.one) }
        #expect(try setting.follower.parked().map(\.attempts) == [1])
    }

    /// A sequence that is freed while a page is worked on: what was to wait behind it must not wait for nobody.
    @Test func aSequenceFreedMeanwhileIsNotParkedAgain() async throws {
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.broken = [1] }
        try await setting.take(2)
        let (store, item) = (setting.store, try #require(try setting.follower.parked().first))
        setting.reactor.state.withLock { state in
            state.broken = []
            // Event 4 is of the other sequence, in the page where 3 and 5 would wait.
            state.beforeEffect = { if $0 == 4, try store.parkedSequences(of: "noting").count == 1 { try store.unpark(item) } }
        }
        try await setting.take()
        #expect(try setting.follower.parked().isEmpty)
        #expect(Set(setting.reactor.effects) == [2, 3, 4, 5, 6])
        #expect(try await setting.follower.loadCheckpoint().position == 6)
    }

    @Test func anEventThatTheLogDoesNotHoldStaysParked() async throws {
        let setting = try await Setting()
        try setting.store.park(
            ParkingRequest(sequence: setting.one, position: 99, problem: "-", since: World.start, attempts: 1),
            of: "noting"
        )
        #expect(try await setting.follower.retry(setting.one).remaining.map(\.problem) == ["the log holds no event 99"])
    }

    @Test func theKeyOfAnEffectIsThatOfItsEventAndStep() async throws {
        let setting = try await Setting()
        let event = try #require(try setting.log.read(after: 0, limit: 1).first)
        let keys = [1, 2].map { EffectContext(reactor: "noting", cause: event.id, attempt: $0, now: World.start).key("mail/99999000013") }
        #expect(keys == ["\(event.id)/mail/99999000013", "\(event.id)/mail/99999000013"])
    }

    /// Who and why is in the log, once, whatever becomes of `reactors.sqlite`.
    @Test func thatAnEventIsDoneWithoutIsAnEvent() async throws {
        let world = try await World(publishing: nil)
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.broken = [3] }
        try await setting.take()
        let desk = ParkingDesk(coordinator: world.coordinator, follower: setting.follower)
        #expect(try await desk.discard(99, reason: "r", by: "b") == nil)
        #expect(try world.head() == 0)
        let id = try #require(try setting.follower.parked().first?.id)
        for _ in 0..<2 { _ = try await desk.discard(id, reason: "noted twice", by: "Camille Essai") }
        let events = try world.recorded(World.streams.operations)
        #expect(events.map(\.type) == [ParkingDiscarded.type] && events.first?.source == ParkingDesk.source)
        let said = try ParkingDiscarded(payload: try #require(events.first).payload)
        #expect(said == ParkingDiscarded(follower: "noting", sequence: setting.one.hex, position: 3, by: "Camille Essai", reason: "noted twice"))
        #expect(try setting.follower.parked().map(\.position) == [5])
        #expect(try setting.store.discarded().map(\.reason) == ["noted twice"])
    }

    @Test func whatCannotBeRecordedStaysParked() async throws {
        let world = try await World(publishing: nil)
        let setting = try await Setting()
        setting.reactor.state.withLock { $0.broken = [3] }
        try await setting.take()
        let log = SwitchableLog(world.log)
        log.set { $0.refusesAppends = true }
        let chance = Mutex(SplitMix64(seed: 1))
        let coordinator = Coordinator(
            log: log,
            sealer: PlainSealer(),
            streams: World.streams,
            time: world.clock.source,
            ids: EventIDGenerator(time: world.clock.source) { chance.withLock { $0.next() } }
        )
        let id = try #require(try setting.follower.parked().first?.id)
        await #expect(throws: EventStoreError.self) {
            try await ParkingDesk(coordinator: coordinator, follower: setting.follower).discard(id, reason: "r", by: "b")
        }
        #expect(try setting.follower.parked().map(\.position) == [3, 5])
    }
}
