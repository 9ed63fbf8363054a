import EventStore
import Foundation
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@Suite("A dead destination")
struct DeadDestinationTests {
    private static let start = Town.at("2026-11-17T14:00:00+01:00")
    /// `RELAIS_LONG=1`: 100,000 news.
    private static let waves = ProcessInfo.processInfo.environment["RELAIS_LONG"] == "1" ? 50 : 10

    /// When what was handed over where, in virtual time.
    private final class Tally: Sendable {
        struct Counts: Sendable {
            var keys: Set<String> = []
            var doubles = 0
            var slowest: Int64 = 0
            var deadAttempts = 0
        }

        let counts = Mutex(Counts())
        let isRepaired = Mutex(false)
    }

    @Test(
        "Given 100,000 news of which a tenth go to a dead destination, then all others are told at once, and those once it is back",
        .timeLimit(.minutes(30))
    )
    func hundredThousand() async throws {
        let people = BigTown.people(2_000)
        let ledger = MemoryLedger(try Town.state(yaml: BigTown.yaml(people)))
        var dead: Set<String> = []
        for (index, rpps) in people.enumerated() {
            let isDead = index % 10 == 0
            if isDead { dead.insert(rpps) }
            let address = "https://\(isDead ? "dead" : "live\(index % 20)").example/\(rpps)"
            let wish = ChannelsSet(
                recipient: rpps,
                channels: [ChannelAddress(kind: .webhook, address: address)],
                by: Attribution(rpps: rpps, capacity: .professional)
            )
            ledger.add(.channelsSet(wish), of: rpps)
        }
        let clock = DispatchClock(Self.start)
        let tally = Tally()
        let waveBegan = DispatchClock(Self.start)
        let channel = FastChannel { message, address in
            let isDead = address.contains("//dead.")
            if isDead, !tally.isRepaired.withLock({ $0 }) {
                tally.counts.withLock { $0.deadAttempts += 1 }
                return .later(reason: "timeout", after: nil)
            }
            let delay = clock.now.milliseconds(since: waveBegan.now)
            tally.counts.withLock { counts in
                for key in message.keys where !counts.keys.insert(key).inserted { counts.doubles += 1 }
                if !isDead { counts.slowest = max(counts.slowest, delay) }
            }
            return .handedOver(receipt: nil)
        }
        let outbox = InMemoryOutbox()
        let idle = IdleClock(clock, outbox)
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: ledger,
            renderer: PlainRenderer(),
            book: ChannelBook([.webhook: channel], parallel: [.webhook: 4]),
            table: try Town.table.get(),
            surroundings: .init(time: clock.source, random: { 1 }, sleep: { try await idle.sleep($0) }),
            logger: .silent
        )
        idle.watch { dispatcher.status.state == .waiting }
        let running = Task { await dispatcher.run() }
        defer { running.cancel() }
        let live = people.count - dead.count
        for wave in 1...Self.waves {
            let news = people.map { (news: Town.news("e\(wave)-\($0)", to: $0, urgency: .urgent), fate: NewsFate?.none) }
            idle.atOnce {
                waveBegan.now = clock.now
                outbox.take(NewsIntake(position: Int64(wave), recordedAt: clock.now, endings: [], news: news))
            }
            dispatcher.wake()
            while tally.counts.withLock({ $0.keys.count }) < live * wave { try await Task.sleep(for: .milliseconds(1)) }
        }
        let drained = tally.counts.withLock { $0 }
        #expect(drained.keys.count == live * Self.waves && drained.doubles == 0)
        #expect(drained.slowest <= 5_000, "the slowest of the others took \(drained.slowest) ms")
        // Three to find out, then probes alone: never one for each message.
        let minutes = clock.now.milliseconds(since: Self.start) / 60_000
        #expect(drained.deadAttempts <= 12 + Int(minutes), "\(drained.deadAttempts) attempts in \(minutes) minutes")
        #expect(dispatcher.gate.down.count == 1)
        let broken = clock.now
        tally.isRepaired.withLock { $0 = true }
        while tally.counts.withLock({ $0.keys.count }) < people.count * Self.waves { try await Task.sleep(for: .milliseconds(1)) }
        #expect(clock.now.milliseconds(since: broken) <= 360_000, "drained \(clock.now.milliseconds(since: broken)) ms after the repair")
        running.cancel()
        await running.value
        let all = tally.counts.withLock { $0 }
        #expect(all.keys.count == people.count * Self.waves && all.doubles == 0)
        #expect(ledger.undeliverable.isEmpty)
        #expect(outbox.counts(at: clock.now).stranded == 0)
    }
}

/// Answers at once, and keeps nothing.
struct FastChannel: NotificationChannel {
    let kind = ChannelName.webhook
    let answer: @Sendable (RenderedMessage, String) -> DeliveryOutcome

    func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome { answer(message, address) }
}

/// Time that passes only while nothing is to be done.
final class IdleClock: Sendable {
    private let clock: DispatchClock
    private let outbox: InMemoryOutbox
    private let standing = Mutex(())
    private let isWaiting = Mutex<@Sendable () -> Bool>({ false })

    init(_ clock: DispatchClock, _ outbox: InMemoryOutbox) {
        self.clock = clock
        self.outbox = outbox
    }

    func watch(_ isWaiting: @escaping @Sendable () -> Bool) { self.isWaiting.withLock { $0 = isWaiting } }

    func sleep(_ milliseconds: Int64) async throws {
        let until = clock.now.adding(milliseconds: milliseconds)
        while clock.now < until {
            try await Task.sleep(for: .microseconds(500))
            atOnce {
                let isIdle = isWaiting.withLock { $0 }
                if isIdle(), (try? outbox.due(at: clock.now, limit: 1).isEmpty) == true { clock.now = max(until, clock.now) }
            }
        }
    }

    /// Does something between two movements of the clock.
    func atOnce(_ body: () -> Void) { standing.withLock { _ in body() } }
}
