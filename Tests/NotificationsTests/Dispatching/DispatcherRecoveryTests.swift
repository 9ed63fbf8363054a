import EventStore
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

/// An outbox that cannot be used for some time, or that is older than the log.
@Suite("The dispatcher and an outbox in trouble", .timeLimit(.minutes(10)))
struct DispatcherRecoveryTests {
    private let clock = DispatchClock(Town.at("2026-11-17T14:00:00+01:00"))
    private let outbox = InMemoryOutbox()

    /// Its pauses take no time, but move the clock.
    private func dispatcher(
        _ outbox: any Outbox,
        _ ledger: MemoryLedger,
        _ channel: ScriptedChannel,
        beat: @escaping @Sendable () -> Void = {}
    ) throws -> Dispatcher {
        Dispatcher(
            outbox: outbox,
            ledger: ledger,
            renderer: PlainRenderer(),
            book: ChannelBook([.mssante: channel]),
            table: try Town.table.get(),
            surroundings: .init(
                time: clock.source,
                random: { 1 },
                sleep: { [clock] milliseconds in
                    try await Task.sleep(for: .microseconds(300))
                    clock.now = clock.now.adding(milliseconds: milliseconds)
                }
            ),
            logger: .silent,
            beat: beat
        )
    }

    private func take(_ news: [News], position: Int64 = 1, into outbox: InMemoryOutbox) {
        outbox.take(NewsIntake(position: position, recordedAt: clock.now, endings: [], news: news.map { ($0, nil) }))
    }

    private func wait(until isSo: () -> Bool) async throws {
        while !isSo() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test(
        "Given an outbox that fails, when more than a minute is over, then no sign of life is given until it works again",
        arguments: [SickOutbox.Health.cannotWrite, .cannotDoAnything]
    )
    func signsOfLife(_ health: SickOutbox.Health) async throws {
        let sick = SickOutbox(outbox)
        let beats = Mutex<[Instant]>([])
        let channel = ScriptedChannel(.mssante)
        let dispatcher = try dispatcher(sick, MemoryLedger(try Town.territory.get()), channel) { [clock] in
            beats.withLock { $0.append(clock.now) }
        }
        let running = Task { await dispatcher.run() }
        try await wait { beats.withLock { $0.count } > 5 }
        sick.health.withLock { $0 = health }
        take([Town.news("a", urgency: .urgent)], into: outbox)
        dispatcher.wake(urgent: [Town.praud])
        let began = clock.now
        try await wait { clock.now > began.adding(minutes: 20) }
        // Half a minute until it fails for the first time, a minute of patience.
        let last = beats.withLock { $0.last }
        #expect(last.map { $0 <= began.adding(seconds: 90) } ?? false, "the last one \(last?.milliseconds(since: began) ?? -1) ms after it fell ill")
        #expect(channel.taken.isEmpty)
        if case .backingOff = dispatcher.status.state {} else { Issue.record("its state is \(dispatcher.status.state)") }
        let healed = clock.now
        sick.health.withLock { $0 = .well }
        try await wait { channel.taken.count == 1 && beats.withLock { $0.last.map { $0 > healed } ?? false } }
        running.cancel()
        await running.value
        #expect(outbox.counts(at: clock.now).stranded == 0)
    }

    /// What an old copy may hold of a news that was told since, in a message with another one.
    enum Copy: CaseIterable, Sendable {
        case nothing, waiting, formed, begun
    }

    @Test("Given an outbox older than the log, when it is put back, then what was told is not told again, all else is", arguments: Copy.allCases)
    func oldCopy(_ kind: Copy) async throws {
        let ledger = MemoryLedger(try Town.territory.get())
        let news = ["a", "b"].map { Town.news($0, urgency: .urgent) }
        take(news, into: outbox)
        let first = ScriptedChannel(.mssante)
        try await run(outbox, ledger, first) { first.taken.count == 1 && settled(outbox) == 1 }
        #expect(first.taken.map(\.message.keys.count) == [2])

        let copy = InMemoryOutbox()
        if kind != .nothing { take([news[0]], into: copy) }
        if kind == .formed || kind == .begun {
            let delivery = Delivery(.waiting(until: clock.now), channel: .mssante, attempts: kind == .begun ? 1 : 0, since: clock.now)
            let message = OutboxMessage(
                recipient: Town.praud,
                urgency: .urgent,
                reminder: 0,
                madeAt: clock.now,
                position: 1,
                items: [news[0]],
                delivery: delivery
            )
            copy.form(message)
        }
        // The log is read again from where the copy was, and has gone on.
        take(news, into: copy)
        let recent = Town.news("c", urgency: .urgent)
        take([recent], position: 2, into: copy)
        let second = ScriptedChannel(.mssante)
        try await run(copy, ledger, second) { settled(copy) >= 1 }
        #expect(second.taken.map(\.message.keys) == [["\(recent.key)"]])
        #expect((news + [recent]).allSatisfy { ledger.recipient(Town.praud).recipient.wasTold($0.key) })
        let counts = copy.counts(at: clock.now)
        #expect(counts.waiting == 0 && counts.pending == 0 && counts.unrecorded == 0 && counts.parked == 0 && counts.stranded == 0, "\(counts)")
    }

    private func run(_ outbox: InMemoryOutbox, _ ledger: MemoryLedger, _ channel: ScriptedChannel, until isSo: () -> Bool) async throws {
        let dispatcher = try dispatcher(outbox, ledger, channel)
        let running = Task { await dispatcher.run() }
        try await wait { isSo() && dispatcher.status.state == .waiting }
        running.cancel()
        await running.value
    }

    private func settled(_ outbox: InMemoryOutbox) -> Int {
        outbox.messages(for: Town.praud, after: 0, limit: 100).count { $0.message.delivery.state == .settled }
    }
}
