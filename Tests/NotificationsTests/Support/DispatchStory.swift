import EventStore
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Timekeeping

/// Some days of some people, made from a seed: news and their ends, channels that fail in all ways, processes that die, clocks that jump.
final class DispatchStory: Sendable {
    struct Delivered: Sendable {
        let at: Instant
        let id: String
        let recipient: String
        let channel: ChannelKind
        let reminder: Int
        let isUrgentLane: Bool
        let items: [NewsKey]
        let isHandedOver: Bool
        /// Whether nothing says that it did not go out.
        let mayBeOut: Bool
        /// How many of its items had ended when it was attempted.
        let ended: Int
    }

    struct Facts: Sendable {
        var news: [NewsKey: News] = [:]
        var ended: Set<NewsKey> = []
        var delivered: [Delivered] = []
        var position: Int64 = 0
        var kills = 0
        /// Facts that the reactor has seen.
        var reacted = 0
    }

    static let people = [Town.praud, Town.bretaud, Town.girard, Town.referent]
    static let start = Town.at("2026-11-13T06:00:00+01:00")

    let chance: DispatchChance
    let clock = DispatchClock(start)
    let outbox = InMemoryOutbox()
    let facts = Mutex(Facts())
    let ledger: MemoryLedger
    private let table: NewsTable
    /// Kinds that answer nobody for how long; by kind.
    private let outages: [ChannelKind: ClosedRange<Instant>]

    init(seed: UInt64) throws {
        let chance = DispatchChance(seed: seed)
        self.chance = chance
        table = try Town.table.get()
        var outages: [ChannelKind: ClosedRange<Instant>] = [:]
        for kind in [ChannelKind.mssante, .email, .sms] where chance.isOne(in: 2) {
            let from = Self.start.adding(hours: Int64(chance.below(60)))
            outages[kind] = from...from.adding(hours: Int64(chance.isOne(in: 3) ? 400 : chance.below(30)))
        }
        self.outages = outages
        ledger = MemoryLedger(try Town.territory.get())
    }

    // MARK: - What happens

    /// News of one event, with an end of some earlier ones now and then.
    func happen() {
        let now = clock.now
        let number = facts.withLock { facts in
            facts.position += 1
            return facts.position
        }
        let pathway = "pathway-\(chance.below(6))"
        let followUp = "f\(chance.below(3))"
        let rpps = Self.people[chance.below(Self.people.count)]
        let asks = chance.isOne(in: 3)
        let isUrgent = chance.isOne(in: 3)
        let template = asks ? "offer-named" : chance.isOne(in: 4) ? "offer-withdrawn" : "admission-notice"
        let news = Town.news(
            "e\(number)",
            to: rpps,
            as: template,
            urgency: isUrgent ? .urgent : .routine,
            pathway: pathway,
            followUp: followUp,
            answerBy: asks ? now.adding(minutes: Int64(30 + chance.below(3_000))) : nil,
            asks: asks
        )
        var endings: [NewsEnding] = []
        if chance.isOne(in: 4) {
            endings.append(NewsEnding(pathway: pathway, followUp: chance.isOne(in: 2) ? followUp : nil, reason: .withdrawn))
        }
        take(NewsIntake(position: number, recordedAt: now, endings: endings, news: [(news, nil)]))
    }

    private func take(_ intake: NewsIntake) {
        facts.withLock { facts in
            for ending in intake.endings { facts.ended.formUnion(facts.news.values.filter(ending.ends).map(\.key)) }
            for item in intake.news { facts.news[item.news.key] = item.news }
        }
        outbox.take(intake)
    }

    /// What the reactor does with the facts: the référent is told of what could not be told.
    func react() {
        let all = ledger.undeliverable
        let known = facts.withLock { facts in
            defer { facts.reacted = all.count }
            return facts.reacted
        }
        for fact in all.dropFirst(known) {
            guard let told = fact.told else { continue }
            let number = facts.withLock { facts in
                facts.position += 1
                return facts.position
            }
            let news = Town.news("u\(number)", to: told, as: "message-undeliverable", urgency: .urgent, pathway: nil)
            take(NewsIntake(position: number, recordedAt: clock.now, endings: [], news: [(news, nil)]))
        }
    }

    // MARK: - A process

    func dispatcher(dyingAfter effects: Int?) -> (dispatcher: Dispatcher, fuse: Fuse) {
        let fuse = Fuse(effects)
        let book = ChannelBook([.mssante: channel(.mssante, fuse), .email: channel(.email, fuse), .sms: channel(.sms, fuse)])
        let outbox = FusedOutbox(outbox: outbox, fuse: fuse) { keys in self.facts.withLock { $0.ended.formUnion(keys) } }
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: FusedLedger(ledger: ledger, fuse: fuse),
            renderer: PlainRenderer(),
            book: book,
            table: table,
            surroundings: .init(time: clock.source, random: { self.chance.next() }, sleep: { _ in }),
            logger: .silent
        )
        return (dispatcher, fuse)
    }

    private func channel(_ kind: ChannelKind, _ fuse: Fuse) -> FusedChannel {
        FusedChannel(
            channel: ScriptedChannel(ChannelName(rawValue: kind.rawValue)) { message, _ in
                let outcome = self.outcome(on: kind)
                self.note(message, kind, outcome)
                return outcome
            },
            fuse: fuse
        )
    }

    private func outcome(on kind: ChannelKind) -> DeliveryOutcome {
        if let outage = outages[kind], outage.contains(clock.now) { return .later(reason: "unreachable", after: nil) }
        switch chance.below(20) {
        case 0: return .never(reason: "http-410")
        case 1: return .later(reason: "http-503", after: .seconds(chance.below(9_000)))
        case 2...4: return .later(reason: "timeout", after: nil)
        case 5: return .later(reason: "smtp-451", after: nil)
        default: return .handedOver(receipt: nil)
        }
    }

    private func note(_ message: RenderedMessage, _ kind: ChannelKind, _ outcome: DeliveryOutcome) {
        let kept = outbox.message(message.id)
        var isHandedOver = false
        if case .handedOver = outcome { isHandedOver = true }
        let delivered = Delivered(
            at: clock.now,
            id: message.id,
            recipient: message.text,
            channel: kind,
            reminder: kept?.reminder ?? -1,
            isUrgentLane: message.urgency == .urgent,
            items: kept?.items.map(\.key) ?? [],
            isHandedOver: isHandedOver,
            mayBeOut: isHandedOver || outcome == .later(reason: "timeout", after: nil),
            ended: facts.withLock { facts in (kept?.items ?? []).count { facts.ended.contains($0.key) } }
        )
        facts.withLock { $0.delivered.append(delivered) }
    }
}
