import EventStore
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@Suite("The dispatcher at work", .timeLimit(.minutes(30)))
struct DispatcherTests {
    private let outbox = InMemoryOutbox()
    private let clock = DispatchClock(Town.at("2026-11-17T14:00:00+01:00"))

    private func dispatcher(
        _ channels: [ChannelKind: any NotificationChannel] = [:],
        outbox other: (any Outbox)? = nil,
        ledger: (any Ledger)? = nil,
        renderer: PlainRenderer = PlainRenderer(),
        options: Dispatcher.Options = Dispatcher.Options(),
        beat: @escaping @Sendable () throws -> Void = {}
    ) throws -> Dispatcher {
        Dispatcher(
            outbox: other ?? outbox,
            ledger: try ledger ?? MemoryLedger(try Town.territory.get()),
            renderer: renderer,
            book: ChannelBook(channels),
            table: try Town.table.get(),
            options: options,
            surroundings: .init(time: clock.source, random: { 1 }, sleep: { try await Task.sleep(for: .milliseconds($0)) }),
            logger: .silent,
            beat: beat
        )
    }

    private func take(_ news: News..., position: Int64 = 1) {
        outbox.take(NewsIntake(position: position, recordedAt: clock.now, endings: [], news: news.map { ($0, nil) }))
    }

    private func wait(until isSo: () throws -> Bool) async throws {
        while try !isSo() { try await Task.sleep(for: .milliseconds(2)) }
    }

    private func settled(_ rpps: String = Town.praud) -> Int {
        outbox.messages(for: rpps, after: 0, limit: 100).count { $0.message.delivery.state == .settled }
    }

    @Test func whatComesInIsHandedOverAndRecordedAsSoonAsItIsCalled() async throws {
        let channel = ScriptedChannel(.mssante)
        let ledger = MemoryLedger(try Town.territory.get())
        let beats = Mutex(0)
        let dispatcher = try dispatcher([.mssante: channel], ledger: ledger) { beats.withLock { $0 += 1 } }
        let running = Task { await dispatcher.run() }
        try await wait { dispatcher.status.state == .waiting }
        let news = Town.news("a", urgency: .urgent)
        take(news)
        dispatcher.wake(urgent: [Town.praud])
        try await wait { settled() == 1 }
        #expect(ledger.recipient(Town.praud).recipient.wasTold(news.key))
        #expect(channel.taken.map(\.address) == ["antoine.praud@medecin.mssante.example"])
        let counts = dispatcher.figures.counts
        #expect(counts.attempts == [.mssante: 1] && counts.handOvers == [.mssante: 1] && counts.latencies.first == 1)
        running.cancel()
        await running.value
        #expect(dispatcher.status.state == .stopped && dispatcher.status.name == "notification-dispatcher" && beats.withLock { $0 } > 0)
    }

    @Test func urgentNewsOvertakeARoutineMessageThatHangs() async throws {
        let isReleased = Mutex(false)
        let channel = ScriptedChannel(.mssante) { message, _ in
            while message.urgency == .routine, !isReleased.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(2)) }
            return .handedOver(receipt: nil)
        }
        take(Town.news("a"))
        clock.now = clock.now.adding(minutes: 20)
        let dispatcher = try dispatcher([.mssante: channel])
        let running = Task { await dispatcher.run() }
        try await wait { dispatcher.figures.counts.attempts == [.mssante: 1] }
        take(Town.news("b", urgency: .urgent), position: 2)
        dispatcher.wake(urgent: [Town.praud])
        try await wait { settled() == 1 }
        #expect(channel.taken.map(\.message.urgency) == [.urgent])
        isReleased.withLock { $0 = true }
        try await wait { settled() == 2 }
        running.cancel()
        await running.value
    }

    @Test func whatCannotBeRenderedIsParkedAndWhatIsErasedIsCancelled() async throws {
        let channel = ScriptedChannel(.mssante)
        let dispatcher = try dispatcher([.mssante: channel], renderer: PlainRenderer(erased: ["e"], unreadable: ["u"]))
        let running = Task { await dispatcher.run() }
        take(Town.news("u", urgency: .urgent), Town.news("x", to: Town.bretaud, urgency: .urgent))
        dispatcher.wake()
        try await wait { !outbox.parked().isEmpty && settled(Town.bretaud) == 1 }
        #expect(outbox.parked().map(\.delivery.state) == [.parked(problem: "Unreadable", since: clock.now)])
        take(Town.news("e", urgency: .urgent), position: 2)
        dispatcher.wake()
        try await wait { outbox.messages(for: Town.praud, after: 0, limit: 9).contains { $0.message.delivery.state == .cancelled(.erased) } }
        #expect(channel.taken.map(\.message.text) == [Town.bretaud])
        #expect(dispatcher.figures.counts.parked == 1)
        running.cancel()
        await running.value
    }

    @Test("Given a log that is busy for one person, then others are told, and that person a little later; a fact that it refuses is parked")
    func troubles() async throws {
        let ledger = TroubledLedger(MemoryLedger(try Town.territory.get()))
        let dispatcher = try dispatcher([.mssante: ScriptedChannel(.mssante)], ledger: ledger)
        let running = Task { await dispatcher.run() }
        ledger.busy.withLock { $0 = [Town.praud] }
        take(Town.news("a", urgency: .urgent), Town.news("b", to: Town.bretaud, urgency: .urgent))
        dispatcher.wake()
        try await wait { settled(Town.bretaud) == 1 && dispatcher.figures.counts.troubles == 1 }
        #expect(settled() == 0 && outbox.parked().isEmpty)
        ledger.busy.withLock { $0 = [] }
        ledger.refusing.withLock { $0 = [Town.bretaud] }
        clock.now = clock.now.adding(minutes: 1)
        take(Town.news("c", to: Town.bretaud, urgency: .urgent), position: 2)
        dispatcher.wake()
        try await wait { settled() == 1 && outbox.parked().count == 1 }
        running.cancel()
        await running.value
    }

    @Test("Given an attempt in flight, when all is to end, then it comes to its end and is kept")
    func cancellation() async throws {
        let begun = Mutex(false)
        let isReleased = Mutex(false)
        let channel = ScriptedChannel(.mssante) { _, _ in
            begun.withLock { $0 = true }
            while !isReleased.withLock({ $0 }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(2)) }
            return Task.isCancelled ? .later(reason: "cancelled", after: nil) : .handedOver(receipt: "r")
        }
        let dispatcher = try dispatcher([.mssante: channel])
        let running = Task { await dispatcher.run() }
        take(Town.news("a", urgency: .urgent))
        dispatcher.wake()
        try await wait { begun.withLock { $0 } }
        running.cancel()
        try await Task.sleep(for: .milliseconds(20))
        isReleased.withLock { $0 = true }
        await running.value
        guard case .handedOver(.mssante, "r", _)? = outbox.messages(for: Town.praud, after: 0, limit: 1).first?.message.delivery.state else {
            Issue.record("the hand-over is forgotten")
            return
        }
    }

    @Test("Given a process that died when a channel had a message, when some of it ends, then the repeat tells the same under the same id")
    func deathBeforeTheOutcome() async throws {
        let fuse = Fuse(nil)
        let dying = ScriptedChannel(.mssante) { _, _ in
            fuse.blow()
            return .handedOver(receipt: nil)
        }
        take(Town.news("a", urgency: .urgent), Town.news("b", urgency: .urgent, pathway: "other"))
        let first = try dispatcher([.mssante: dying], outbox: FusedOutbox(outbox: outbox, fuse: fuse))
        let dead = Task { await first.run() }
        try await wait { dying.taken.count == 1 && first.figures.counts.troubles > 0 }
        dead.cancel()
        await dead.value
        outbox.take(NewsIntake(position: 2, recordedAt: clock.now, endings: [NewsEnding(pathway: "other", reason: .withdrawn)], news: []))
        clock.now = clock.now.adding(minutes: 1)
        let channel = ScriptedChannel(.mssante)
        let second = try dispatcher([.mssante: channel])
        let running = Task { await second.run() }
        try await wait { settled() == 1 }
        running.cancel()
        await running.value
        #expect(channel.taken.map(\.message) == dying.taken.map(\.message))
    }

    @Test("Given a first attempt that was refused, when the offer is withdrawn or the patient dies, then it goes out no more; the rest does")
    func endingAfterARefusal() async throws {
        let isUp = Mutex(false)
        let channel = ScriptedChannel(.mssante) { _, _ in
            isUp.withLock { $0 } ? .handedOver(receipt: nil) : .later(reason: "http-503", after: nil)
        }
        let dispatcher = try dispatcher([.mssante: channel])
        take(Town.news("a", urgency: .urgent), Town.news("b", urgency: .urgent, pathway: "other"))
        let running = Task { await dispatcher.run() }
        try await wait { channel.taken.count == 1 && dispatcher.status.state == .waiting }
        outbox.take(NewsIntake(position: 2, recordedAt: clock.now, endings: [NewsEnding(pathway: "other", reason: .deceased)], news: []))
        isUp.withLock { $0 = true }
        clock.now = clock.now.adding(minutes: 1)
        dispatcher.wake()
        try await wait { settled() == 1 }
        #expect(channel.taken.map(\.message.keys.count) == [2, 1])
        #expect(Set(channel.taken.map(\.message.id)).count == 2)
        running.cancel()
        await running.value
    }

    @Test("Given a message that could not be rendered, when its news end, then it is no more, since nobody had it")
    func endingOfAParkedMessage() async throws {
        let dispatcher = try dispatcher([.mssante: ScriptedChannel(.mssante)], renderer: PlainRenderer(unreadable: ["u"]))
        let running = Task { await dispatcher.run() }
        take(Town.news("u", urgency: .urgent))
        dispatcher.wake()
        try await wait { !outbox.parked().isEmpty }
        outbox.take(NewsIntake(position: 2, recordedAt: clock.now, endings: [NewsEnding(pathway: Town.pathway, reason: .deceased)], news: []))
        #expect(outbox.parked().isEmpty)
        running.cancel()
        await running.value
    }

    @Test("Given looks of a time to come, when it begins or the clock is set back by days, then all are looked at")
    func clockSetBack() async throws {
        let channel = ScriptedChannel(.mssante)
        let dispatcher = try dispatcher([.mssante: channel])
        outbox.take(
            NewsIntake(position: 1, recordedAt: clock.now.adding(days: 3), endings: [], news: [(Town.news("a", urgency: .urgent), nil)])
        )
        let running = Task { await dispatcher.run() }
        try await wait { settled() == 1 }
        take(Town.news("b"), position: 2)
        dispatcher.wake()
        let merged = clock.now.adding(minutes: 15)
        try await wait { try outbox.nextLook() == merged }
        clock.now = clock.now.adding(days: -7)
        dispatcher.wake()
        try await wait { settled() == 2 }
        running.cancel()
        await running.value
    }

    @Test func aRehearsalHandsNothingOverAndChangesNothing() async throws {
        let channel = ScriptedChannel(.mssante)
        var options = Dispatcher.Options()
        options.isRehearsal = true
        let lines = LineLog()
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: MemoryLedger(try Town.territory.get()),
            renderer: PlainRenderer(),
            book: ChannelBook([.mssante: channel]),
            table: try Town.table.get(),
            options: options,
            surroundings: .init(time: clock.source, random: { 1 }, sleep: { try await Task.sleep(for: .milliseconds($0)) }),
            logger: lines.logger
        )
        take(Town.news("a", urgency: .urgent))
        let before = outbox.box(of: Town.praud, at: clock.now)
        let running = Task { await dispatcher.run() }
        try await wait { lines.all.contains { $0.contains("would hand message") && $0.contains("mssante") } }
        running.cancel()
        await running.value
        #expect(channel.taken.isEmpty && outbox.box(of: Town.praud, at: clock.now) == before)
        #expect(try outbox.due(at: clock.now, limit: 1, excluding: []) == [Town.praud])
    }
}

/// A ledger that is busy for some people, and refuses facts about others.
final class TroubledLedger: Ledger {
    let busy = Mutex<Set<String>>([])
    let refusing = Mutex<Set<String>>([])
    private let ledger: MemoryLedger

    init(_ ledger: MemoryLedger) { self.ledger = ledger }

    func recipient(_ rpps: String) throws -> (recipient: Recipient, territory: TerritoryState) {
        if busy.withLock({ $0.contains(rpps) }) { throw EventStoreError(.storageUnavailable, "busy") }
        return ledger.recipient(rpps)
    }

    func record(handOver: MessageHandedOver) async throws {
        if refusing.withLock({ $0.contains(handOver.recipient) }) { throw Rejection(.messageReused, "another message") }
        try await ledger.record(handOver: handOver)
    }

    func record(undeliverable: MessageUndeliverable) async throws { try await ledger.record(undeliverable: undeliverable) }
}
