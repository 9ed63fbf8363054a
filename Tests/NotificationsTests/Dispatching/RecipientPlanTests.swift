import NotificationChannels
import Notifications
import Pathways
import Testing
import Timekeeping

/// Given what waits for somebody, when they are looked at, then this is done.
@Suite("The plan of one person")
struct RecipientPlanTests {
    /// A Tuesday afternoon.
    private static let now = Town.at("2026-11-17T14:00:00+01:00")
    private static let night = Town.at("2026-11-17T22:00:00+01:00")
    private static let morning = Town.at("2026-11-18T07:00:00+01:00")

    private func plan(
        waiting: [OutboxNews] = [],
        messages: [OutboxMessage] = [],
        unanswered: [OutboxNews] = [],
        recent: [Instant] = [],
        ended: [NewsKey: NewsFate] = [:],
        doubtful: [News] = [],
        of rpps: String = Town.praud,
        events: [DomainEvent] = [],
        available: Set<ChannelKind> = [.mssante, .email, .sms],
        at now: Instant = now
    ) throws -> RecipientPlan {
        RecipientPlan(
            box: RecipientBox(
                recipient: rpps,
                revision: 1,
                waiting: waiting,
                messages: messages,
                unanswered: unanswered,
                recentRoutine: recent,
                ended: ended,
                doubtful: doubtful
            ),
            recipient: Recipient(rpps: rpps, folding: events),
            territory: try Town.territory.get(),
            table: try Town.table.get(),
            available: available,
            now: now
        )
    }

    private func item(_ news: News, minutesAgo: Int64 = 0, before now: Instant = now, reminders: Int = 0, toldAt: Instant? = nil) -> OutboxNews {
        OutboxNews(news, position: 7, recordedAt: now.adding(minutes: -minutesAgo), toldAt: toldAt, reminders: reminders)
    }

    private func formed(_ next: DispatchStep.Next) -> [String]? {
        if case .step(.form(let message)) = next { message.items.map(\.key.event) } else { nil }
    }

    private func message(
        _ items: [News],
        urgency: News.Urgency = .urgent,
        reminder: Int = 0,
        to rpps: String = Town.praud,
        _ delivery: Delivery
    ) -> OutboxMessage {
        OutboxMessage(recipient: rpps, urgency: urgency, reminder: reminder, madeAt: Self.now, position: 7, items: items, delivery: delivery)
    }

    // MARK: - Forming

    @Test("Given urgent and routine news, when it is night, then all urgent ones form one message at once")
    func urgentAtOnce() throws {
        let waiting = [item(Town.news("a", urgency: .urgent)), item(Town.news("b")), item(Town.news("c", urgency: .urgent))]
        #expect(formed(try plan(waiting: waiting, at: Self.night).next()) == ["a", "c"])
    }

    @Test(
        "Given routine news, when the first is so old, then they wait for others or form one message",
        arguments: [(0, 15), (10, 5), (15, 0), (90, 0)]
    )
    func merging(age: Int64, rest: Int64) throws {
        let next = try plan(waiting: [item(Town.news("a"), minutesAgo: age), item(Town.news("b"))]).next()
        if rest > 0 { #expect(next == .rest(until: Self.now.adding(minutes: rest))) } else { #expect(formed(next) == ["a", "b"]) }
    }

    @Test("Given routine news that are long due, when it is night, then they wait for the morning")
    func quiet() throws {
        let next = try plan(waiting: [item(Town.news("a"), minutesAgo: 600)], at: Self.night).next()
        #expect(next == .rest(until: Self.morning))
    }

    @Test("Given eight routine messages today, when news ask for nothing, then they wait for the morning; those that ask do not")
    func budget() throws {
        let recent = (1...8).map { Self.now.adding(hours: -$0) }
        let told = item(Town.news("a"), minutesAgo: 20)
        let asked = item(Town.news("b", as: "offer-named", followUp: "f", asks: true), minutesAgo: 20)
        #expect(try plan(waiting: [told], recent: recent).next() == .rest(until: Self.morning))
        #expect(formed(try plan(waiting: [told, asked], recent: recent).next()) == ["b"])
        #expect(formed(try plan(waiting: [told], recent: Array(recent.dropLast())).next()) == ["a"])
        #expect(formed(try plan(waiting: [told], recent: recent, at: Self.morning).next()) == ["a"])
    }

    @Test("Given a clock set back by hours, when news seem to be of the future, then they are told now")
    func clockSetBack() throws {
        #expect(
            formed(try plan(waiting: [item(Town.news("a"), minutesAgo: -300)], recent: (1...9).map { Self.now.adding(hours: -$0) }).next()) == ["a"]
        )
    }

    @Test("Given that something is taken back, when the person never heard of it, then they do not hear of that either")
    func notHeard() throws {
        let news = Town.news("b", as: "offer-withdrawn", followUp: "f")
        let waiting = [item(news, minutesAgo: 20)]
        #expect(try plan(waiting: waiting).next() == .step(.end([news.key], as: .notHeard)))
        let offer = Town.news("a", as: "offer-named", followUp: "f", asks: true)
        let fact = MessageHandedOver(
            recipient: Town.praud,
            message: "m",
            channel: .email,
            items: [ToldItem(offer)],
            urgency: .routine,
            attempts: 1,
            at: Self.now
        )
        #expect(formed(try plan(waiting: waiting, events: [.messageHandedOver(fact)]).next()) == ["b"])
        let other = ToldItem(Town.news("a", as: "offer-named", followUp: "other", asks: true))
        let elsewhere = MessageHandedOver(
            recipient: Town.praud,
            message: "m",
            channel: .email,
            items: [other],
            urgency: .routine,
            attempts: 1,
            at: Self.now
        )
        #expect(try plan(waiting: waiting, events: [.messageHandedOver(elsewhere)]).next() == .step(.end([news.key], as: .notHeard)))
    }

    @Test("Given a template that they muted since, when its news wait, then they end, but never those that ask")
    func muted() throws {
        let wish = ChannelsSet(
            recipient: Town.praud,
            channels: [],
            mutedTemplates: ["admission-notice"],
            by: Attribution(rpps: Town.praud, capacity: .professional)
        )
        let news = Town.news("a")
        #expect(try plan(waiting: [item(news)], events: [.channelsSet(wish)]).next() == .step(.end([news.key], as: .muted)))
        let asking = Town.news("a", asks: true)
        #expect(formed(try plan(waiting: [item(asking, minutesAgo: 20)], events: [.channelsSet(wish)]).next()) == ["a"])
    }

    private func told(_ items: [News], message: String = "m") -> DomainEvent {
        .messageHandedOver(
            MessageHandedOver(
                recipient: Town.praud,
                message: message,
                channel: .email,
                items: items.map { ToldItem($0) },
                urgency: .urgent,
                reminder: 0,
                attempts: 1,
                at: Self.now
            )
        )
    }

    @Test("Given an old outbox, when what the log says was told waits in it, then it is told no more", arguments: [News.Urgency.urgent, .routine])
    func oldOutbox(urgency: News.Urgency) throws {
        let (before, new) = (Town.news("a", urgency: urgency), Town.news("b", urgency: urgency))
        let waiting = [item(before, minutesAgo: 60), item(new, minutesAgo: 60)]
        #expect(try plan(waiting: waiting, events: [told([before])]).next() == .step(.end([before.key], as: .toldBefore)))
        let due = message([before], urgency: urgency, Delivery(.waiting(until: Self.now)))
        let next = try plan(messages: [due], events: [told([before], message: due.id)]).next()
        #expect(next == .step(.save(Delivery(.cancelled(.toldBefore)), of: due)))
    }

    @Test("Given a message that may be out, when all of it has ended, then it is not tried again; when a part has, then it is as it was")
    func endedMeanwhile() throws {
        let (offer, other) = (Town.news("a", as: "offer-named", followUp: "f"), Town.news("b"))
        let begun = Delivery(.waiting(until: Self.now), channel: .mssante, attempts: 1, since: Self.now)
        let due = message([offer, other], begun)
        guard case .step(.attempt(let same, _)) = try plan(messages: [due], ended: [offer.key: .withdrawn]).next() else {
            Issue.record("no attempt")
            return
        }
        #expect(same.items == due.items && same.id == due.id)
        var cancelled = begun
        cancelled.state = .cancelled(.deceased)
        let next = try plan(messages: [due], ended: [offer.key: .deceased, other.key: .withdrawn]).next()
        #expect(next == .step(.save(cancelled, of: due)))
    }

    @Test("Given an offer that may be out though it was cancelled, when its withdrawal waits, then it is told")
    func doubtfulOffer() throws {
        let offer = Town.news("a", as: "offer-named", followUp: "f")
        let withdrawal = item(Town.news("b", as: "offer-withdrawn", urgency: .urgent, followUp: "f"))
        #expect(try plan(waiting: [withdrawal]).next() == .step(.end([withdrawal.news.key], as: .notHeard)))
        #expect(formed(try plan(waiting: [withdrawal], doubtful: [offer]).next()) == ["b"])
    }

    // MARK: - Lanes

    @Test("Given a routine message that is tried again later, when urgent news come, then they do not wait for it, nor more routine ones overtake")
    func lanes() throws {
        let stuck = message(
            [Town.news("r")],
            urgency: .routine,
            Delivery(.waiting(until: Self.now.adding(hours: 1)), channel: .mssante, attempts: 4, since: Self.now)
        )
        let urgent = item(Town.news("u", urgency: .urgent))
        #expect(formed(try plan(waiting: [urgent], messages: [stuck]).next()) == ["u"])
        let rest = try plan(waiting: [item(Town.news("s"), minutesAgo: 60)], messages: [stuck]).next()
        #expect(rest == .rest(until: Self.now.adding(hours: 1)))
    }

    // MARK: - Channels

    @Test(
        "Given what is available, when a message is due, then it goes to the first of theirs, else to files, else to their list",
        arguments: [
            ([.mssante, .email, .sms], Town.praud, .mssante), ([.email, .sms, .sandbox], Town.praud, .email), ([.sandbox], Town.praud, .sandbox),
            ([], Town.praud, .inapp), ([.mssante], Town.girard, .inapp), ([.mssante, .inapp], Town.girard, .inapp),
        ] as [(Set<ChannelKind>, String, ChannelKind)]
    )
    func choice(available: Set<ChannelKind>, rpps: String, kind: ChannelKind) throws {
        let due = message([Town.news("a", to: rpps)], to: rpps, Delivery(.waiting(until: Self.now)))
        guard case .step(.attempt(_, let channel)) = try plan(messages: [due], of: rpps, available: available).next() else {
            Issue.record("no attempt")
            return
        }
        #expect(channel.kind == kind)
    }

    @Test("Given somebody whom the directory does not know any more, when a message is due, then it is given up")
    func leftTheTerritory() throws {
        let due = message([Town.news("a", to: "99999009998")], to: "99999009998", Delivery(.waiting(until: Self.now)))
        guard case .step(.save(let delivery, _)) = try plan(messages: [due], of: "99999009998").next() else {
            Issue.record("not given up")
            return
        }
        #expect(delivery.state == .failed(.noChannel, at: Self.now))
    }

    @Test("Given a routine message that failed, when quiet hours have begun, then it is not tried before their end")
    func quietRetry() throws {
        let due = message([Town.news("a")], urgency: .routine, Delivery(.waiting(until: Self.now), channel: .mssante, attempts: 2, since: Self.night))
        #expect(try plan(messages: [due], at: Self.night).next() == .rest(until: Self.morning))
    }

    @Test("Given that a fact is not in the log, when somebody is looked at, then it is recorded before all else")
    func unrecorded() throws {
        let done = message([Town.news("a")], Delivery(.handedOver(by: .email, receipt: nil, at: Self.now), channel: .email, attempts: 1))
        #expect(try plan(waiting: [item(Town.news("b", urgency: .urgent))], messages: [done]).next() == .step(.record(done)))
    }

    // MARK: - Reminders

    @Test(
        "Given an offer told at noon, when so much of the time is over, then it is reminded of at half and at three quarters",
        arguments: [(0, 179, 0, 60), (0, 180, 1, 0), (1, 200, 0, 4_200), (1, 270, 2, 0), (2, 300, 0, -1)]
    )
    func reminders(count: Int, minute: Int64, number: Int, rest: Int64) throws {
        let told = Town.at("2026-11-17T09:00:00+01:00")
        let offer = Town.news("a", as: "offer-named", followUp: "f", answerBy: told.adding(hours: 6), asks: true)
        let next = try plan(unanswered: [item(offer, reminders: count, toldAt: told)], at: told.adding(minutes: minute)).next()
        if number > 0 {
            guard case .step(.form(let message)) = next else {
                Issue.record("no reminder: \(next)")
                return
            }
            #expect(message.reminder == number)
        } else {
            #expect(next == .rest(until: rest < 0 ? nil : told.adding(minutes: minute).adding(seconds: rest)))
        }
    }

    @Test("Given an hour to answer, when it is shorter, then nobody is reminded", arguments: [(59, false), (60, true)])
    func shortTime(minutes: Int64, reminded: Bool) throws {
        let offer = Town.news("a", as: "offer-named", answerBy: Self.now.adding(minutes: minutes), asks: true)
        let next = try plan(unanswered: [item(offer, toldAt: Self.now)], at: Self.now.adding(minutes: 45)).next()
        #expect((formed(next) != nil) == reminded)
    }

    @Test(
        "Given reminders that fall into the night, when the morning is before the end, then there is one, else none",
        arguments: [(10, true), (8, false)]
    )
    func nightReminder(hours: Int64, reminded: Bool) throws {
        let offer = Town.news("a", as: "offer-named", answerBy: Self.night.adding(hours: hours), asks: true)
        let told = item(offer, toldAt: Self.night.adding(hours: -1))
        let late = Self.night.adding(hours: 7)
        #expect(try plan(unanswered: [told], at: late).next() == .rest(until: reminded ? Self.morning : nil))
        guard reminded else { return }
        #expect(formed(try plan(unanswered: [told], at: Self.morning).next()) == ["a"])
        // The first came at the end of the night, after three quarters of the time: there is no second one.
        let fact = MessageHandedOver(
            recipient: Town.praud,
            message: "m",
            channel: .email,
            items: [ToldItem(offer)],
            urgency: .routine,
            reminder: 1,
            attempts: 1,
            at: Self.morning
        )
        let again = item(offer, reminders: 1, toldAt: Self.night.adding(hours: -1))
        #expect(try plan(unanswered: [again], events: [.messageHandedOver(fact)], at: Self.morning.adding(minutes: 1)).next() == .rest(until: nil))
    }
}
