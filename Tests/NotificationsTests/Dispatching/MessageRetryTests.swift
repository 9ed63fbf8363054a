import EventStore
import NotificationChannels
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Notifications

/// What stopped and is tried again because somebody says so.
@Suite("Trying again what stopped")
struct MessageRetryTests {
    private let clock = DispatchClock(Town.at("2026-11-17T14:00:00+01:00"))
    private let outbox = InMemoryOutbox()

    private func attend(_ ledger: MemoryLedger, _ channel: ScriptedChannel, renderer: PlainRenderer = PlainRenderer()) async throws {
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: ledger,
            renderer: renderer,
            book: ChannelBook([.mssante: channel]),
            table: try Town.table.get(),
            surroundings: .init(time: clock.source, random: { 1 }, sleep: { _ in }),
            logger: .silent
        )
        for _ in 0..<5 { _ = await dispatcher.attendant.attend(Town.praud) }
    }

    /// - Returns: the id of the message that tells it.
    private func take() throws -> String {
        let news = Town.news("a", urgency: .urgent)
        outbox.take(NewsIntake(position: 1, recordedAt: clock.now, endings: [], news: [(news, nil)]))
        return OutboxMessage.id(of: [news.key], recipient: Town.praud, reminder: 0)
    }

    /// - Returns: whether something stopped is tried again, which must have woken the dispatcher then, and only then.
    private func retry(_ ledger: MemoryLedger, _ id: String) async throws -> Bool {
        let wakes = Wakes()
        let isTried = try await MessageRetry(outbox: outbox, ledger: ledger, time: clock.source) { wakes.count.withLock { $0 += 1 } }(id)
        #expect(wakes.count.withLock { $0 } == (isTried ? 1 : 0))
        return isTried
    }

    private final class Wakes: Sendable {
        let count = Mutex(0)
    }

    @Test("Given a message that every channel refused, when it is tried again, then it goes out under its id and the ledger knows both")
    func undeliverable() async throws {
        let ledger = MemoryLedger(try Town.territory.get())
        let id = try take()
        try await attend(ledger, ScriptedChannel(.mssante) { _, _ in .never(reason: "smtp-550") })
        #expect(ledger.undeliverable.map(\.message) == [id])
        #expect(outbox.message(id)?.delivery.state == .settled)

        clock.now = clock.now.adding(hours: 30)
        #expect(try await retry(ledger, id))
        let channel = ScriptedChannel(.mssante)
        try await attend(ledger, channel)
        #expect(channel.taken.map(\.message.id) == [id])
        let record = try #require(ledger.recipient(Town.praud).recipient.message(id))
        #expect(record.handOvers.map(\.channel) == [.mssante])
        #expect(outbox.message(id)?.delivery.state == .settled)

        // Of those who ask again, one that comes late changes nothing: they have it.
        #expect(try await !retry(ledger, id))
    }

    @Test("Given a message that cannot be read and is parked, when its cause is mended and it is tried again, then it goes out")
    func parked() async throws {
        let ledger = MemoryLedger(try Town.territory.get())
        let id = try take()
        let channel = ScriptedChannel(.mssante)
        try await attend(ledger, channel, renderer: PlainRenderer(unreadable: ["a"]))
        #expect(outbox.parked().map(\.id) == [id] && channel.taken.isEmpty)
        #expect(try await retry(ledger, id))
        try await attend(ledger, channel)
        #expect(channel.taken.map(\.message.id) == [id])
    }

    @Test("Given a message that arrived, or none at all, when somebody has it tried again, then nothing is done")
    func nothingStopped() async throws {
        let ledger = MemoryLedger(try Town.territory.get())
        let id = try take()
        let channel = ScriptedChannel(.mssante)
        try await attend(ledger, channel)
        #expect(try await !retry(ledger, id))
        #expect(try await !retry(ledger, String(repeating: "0", count: 32)))
        #expect(channel.taken.count == 1)
    }

    @Test("Given a message that stopped, when others tell the person, then they are asked, and nothing changes here", arguments: [false, true])
    func asked(isParked: Bool) async throws {
        let ledger = MemoryLedger(try Town.territory.get())
        let id = try take()
        let channel = ScriptedChannel(.mssante) { _, _ in .never(reason: "smtp-550") }
        try await attend(ledger, channel, renderer: PlainRenderer(unreadable: isParked ? ["a"] : []))
        let stopped = try #require(outbox.message(id)?.delivery.state)
        let asked = Mutex<[String]>([])
        let retry = MessageRetry(outbox: outbox, ledger: ledger, time: clock.source, ask: { message in asked.withLock { $0.append(message.id) } }) {}
        #expect(try await retry(id))
        #expect(try await !retry("nothing"))
        #expect(asked.withLock { $0 } == [id] && outbox.message(id)?.delivery.state == stopped)
    }
}
