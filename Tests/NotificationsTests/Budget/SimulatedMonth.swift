import Coordination
import Crypto
import EventStore
import Pathways
import Simulation
import Synchronization
import TestSupport
import Timekeeping

@testable import Notifications

/// What a simulated territory's people are told, day by day: the world is simulated first, then its log goes through notifier and dispatcher
/// under a clock that follows it. The channel is everybody's list, which takes all; so each message counts once.
final class SimulatedMonth: Sendable {
    /// A day of somebody, in Paris.
    struct PersonDay: Hashable, Sendable {
        let recipient: String
        let day: Int
    }

    private struct Counts: Sendable {
        var messages: [PersonDay: Int] = [:]
        var reminders = 0
        var asking = 0
    }

    let report: SimulationReport
    private let log: InMemoryEventLog
    private let coordinator: Coordinator
    private let clock: ManualClock
    private let start: Instant
    private let counts = Mutex(Counts())

    /// Simulates the world.
    init(seed: UInt64, days: Int, inhabitants: Int) async throws {
        var options = SimulationOptions(seed: seed, days: days, inhabitants: inhabitants)
        options.faults = .none
        options.checking = .off
        let made = Mutex<(log: InMemoryEventLog, streams: StreamNames)?>(nil)
        options.storage = { time in
            let log = InMemoryEventLog(identity: SyntheticTerritory.id, time: time)
            let naming = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32)))
            let streams = StreamNames(naming: naming, territory: SyntheticTerritory.id)
            made.withLock { $0 = (log, streams) }
            return SimulationStorage(log: log, sealer: PlainSealer(), streams: streams)
        }
        report = try await Simulation.run(options)
        guard let (log, streams) = made.withLock({ $0 }) else { throw EventStoreError(.closed, "The world was kept nowhere.") }
        start = options.start
        clock = ManualClock(options.start)
        self.log = log
        let ids = EventIDGenerator(time: clock.source) { 0 }
        coordinator = Coordinator(log: log, sealer: PlainSealer(), streams: streams, time: clock.source, ids: ids)
    }

    /// Messages by person and day, of those days on which somebody got any; and how many of them reminded, or asked for something.
    ///
    /// - Throws: `RestlessDispatcher` if somebody is looked at for ever.
    func tell() async throws -> (messages: [PersonDay: Int], reminders: Int, asking: Int) {
        let table = try NewsTable.shipped()
        let territory = try coordinator.loader.territory(coordinator.streams.territory).state
        let ledger = CountingLedger(MemoryLedger(territory)) { [self] in count($0) }
        let outbox = InMemoryOutbox()
        let maker = NewsMaker(reader: HappeningReader(coordinator: coordinator), table: table, ledger: ledger)
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: ledger,
            renderer: PlainRenderer(),
            book: ChannelBook([:]),
            table: table,
            surroundings: .init(time: clock.source, random: { 0 }, sleep: { _ in }),
            logger: .silent
        )
        var position: Int64 = 0
        while true {
            let page = try log.read(after: position, limit: 1_000)
            guard let last = page.last else { break }
            for event in page {
                try await dispatch(dispatcher, outbox, until: event.recordedAt)
                clock.set(event.recordedAt)
                if let intake = try maker.intake(of: event, at: event.recordedAt) { outbox.take(intake) }
            }
            position = last.position
        }
        return counts.withLock { ($0.messages, $0.reminders, $0.asking) }
    }

    /// All looks before an instant, each at its time.
    private func dispatch(_ dispatcher: Dispatcher, _ outbox: InMemoryOutbox, until end: Instant) async throws {
        var visits = 0
        while let look = try outbox.nextLook(), look < end {
            clock.set(max(look, clock.now))
            for rpps in try outbox.due(at: clock.now, limit: 1_000, excluding: []) {
                visits += 1
                guard visits < 1_000_000 else { throw RestlessDispatcher() }
                _ = await dispatcher.attendant.attend(rpps)
            }
        }
    }

    private func count(_ fact: MessageHandedOver) {
        // From midnight in Paris on; the month from the fifth of January has no change of time.
        let day = Int(fact.at.milliseconds(since: start) / 86_400_000)
        counts.withLock { counts in
            counts.messages[PersonDay(recipient: fact.recipient, day: day), default: 0] += 1
            if fact.reminder > 0 { counts.reminders += 1 }
            if fact.items.contains(where: { $0.template.hasPrefix("offer-") }) { counts.asking += 1 }
        }
    }
}

/// Somebody is looked at again and again, and nothing comes of it.
struct RestlessDispatcher: Error {}

/// A ledger that tells of each hand-over.
private struct CountingLedger: Ledger {
    private let ledger: MemoryLedger
    private let note: @Sendable (MessageHandedOver) -> Void

    init(_ ledger: MemoryLedger, note: @escaping @Sendable (MessageHandedOver) -> Void) {
        self.ledger = ledger
        self.note = note
    }

    func recipient(_ rpps: String) -> (recipient: Recipient, territory: TerritoryState) { ledger.recipient(rpps) }

    func record(handOver: MessageHandedOver) async throws {
        try await ledger.record(handOver: handOver)
        note(handOver)
    }

    func record(undeliverable: MessageUndeliverable) async throws { try await ledger.record(undeliverable: undeliverable) }
}
