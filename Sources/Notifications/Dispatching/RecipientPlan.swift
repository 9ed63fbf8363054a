public import Pathways
public import Timekeeping

/// What is to be done for one person now. Pure: from what is kept, so that whoever takes over after a crash goes on at the same place.
public struct RecipientPlan: Sendable {
    public let box: RecipientBox
    /// How they want to be told and what they were told, from the log.
    public let recipient: Recipient
    public let territory: TerritoryState
    public let table: NewsTable
    /// The channels that this installation may use.
    public let available: Set<ChannelKind>
    public let now: Instant
    public let rules: DispatchRules

    public init(
        box: RecipientBox,
        recipient: Recipient,
        territory: TerritoryState,
        table: NewsTable,
        available: Set<ChannelKind>,
        now: Instant,
        rules: DispatchRules = DispatchRules()
    ) {
        self.box = box
        self.recipient = recipient
        self.territory = territory
        self.table = table
        self.available = available
        self.now = now
        self.rules = rules
    }

    /// The next step, the urgent ones first.
    ///
    /// - Parameter lanes: those in which something may be done now.
    public func next(in lanes: Set<Lane> = Set(Lane.allCases)) -> DispatchStep.Next {
        var until: Instant?
        for lane in Lane.allCases where lanes.contains(lane) {
            switch next(in: lane) {
            case .step(let step): return .step(step)
            case .rest(let instant): until = Self.earlier(until, instant)
            }
        }
        return .rest(until: until)
    }

    /// Where a message goes.
    public func course(of message: OutboxMessage) -> DeliveryCourse {
        DeliveryCourse(channels: channels, urgency: message.urgency, rules: rules)
    }

    private func next(in lane: Lane) -> DispatchStep.Next {
        if let message = box.messages.first(where: { Lane(of: $0) == lane }) { return next(of: message) }
        guard let directory = territory.territory else {
            // Nothing is told before a directory says to whom; there are no news then either.
            return .rest(until: box.waiting.isEmpty ? nil : now.adding(hours: 1))
        }
        let quiet = recipient.quietTimes(in: directory)
        switch lane {
        case .urgent: return urgentNews()
        case .routine:
            let reminders = self.reminders(quiet)
            guard case .rest(let reminding) = reminders, case .rest(let telling) = routineNews(quiet) else {
                if case .step = reminders { return reminders }
                return routineNews(quiet)
            }
            return .rest(until: Self.earlier(reminding, telling))
        }
    }

    // MARK: - A message

    private func next(of message: OutboxMessage) -> DispatchStep.Next {
        switch message.delivery.state {
        case .handedOver, .failed: return .step(.record(message))
        case .settled, .cancelled, .parked: return .rest(until: nil)
        case .waiting(let until): return attempt(message, notBefore: until)
        }
    }

    private func attempt(_ message: OutboxMessage, notBefore until: Instant) -> DispatchStep.Next {
        guard let directory = territory.territory else { return .rest(until: now.adding(hours: 1)) }
        if message.reminder > 0, message.items.allSatisfy({ $0.answerBy.map { $0 <= now } ?? true }) {
            return .step(.save(Delivery(.cancelled(.lapsed)), of: message))
        }
        // An old outbox was put back.
        if message.reminder == 0, !message.items.isEmpty, message.items.allSatisfy({ recipient.wasTold($0.key) }) {
            return .step(.save(cancelled(message, as: .toldBefore), of: message))
        }
        // A channel may have it, so it must not change; but nothing that it tells is so any more.
        let fates = message.items.compactMap { box.ended[$0.key] }
        if let fate = fates.first, fates.count == message.items.count {
            return .step(.save(cancelled(message, as: fate), of: message))
        }
        guard isInDirectory(directory) else {
            var failed = message.delivery
            failed.state = .failed(.noChannel, at: now)
            return .step(.save(failed, of: message))
        }
        let course = course(of: message)
        let (delivery, channel) = course.aligned(message.delivery, at: now)
        guard let channel else { return .step(.save(delivery, of: message)) }
        if let end = quietEnd(for: message, recipient.quietTimes(in: directory)) { return .rest(until: end) }
        // Kept apart from the attempt, so that what the channel before is done with is not forgotten with a crash.
        if delivery.tried != message.delivery.tried { return .step(.save(delivery, of: message)) }
        // No retry is ever further away: then the clock was set back.
        if until > now, until <= now.adding(milliseconds: DispatchRules.longestPause + 1_000) {
            let limit = course.limit(of: delivery)
            return .rest(until: limit.map { $0 > now ? min(until, $0) : until } ?? until)
        }
        var ready = message
        ready.delivery = delivery
        return .step(.attempt(ready, via: channel))
    }

    private func cancelled(_ message: OutboxMessage, as fate: NewsFate) -> Delivery {
        var cancelled = message.delivery
        cancelled.state = .cancelled(fate)
        return cancelled
    }

    private func quietEnd(for message: OutboxMessage, _ quiet: QuietTimes) -> Instant? {
        guard Lane(of: message) == .routine else { return nil }
        if message.reminder > 0 { return quiet.end(at: now) }
        var earliest: Instant?
        for item in message.items {
            guard let end = quiet.end(of: item, at: now) else { return nil }
            earliest = Self.earlier(earliest, end)
        }
        return earliest
    }

    // MARK: - Channels

    private func isInDirectory(_ directory: Territory) -> Bool {
        directory.referent.rpps.value == recipient.rpps || (try? RPPS(recipient.rpps)).map { directory.professional($0) != nil } ?? false
    }

    /// Their own that are here; where there is none, files if this is for training, else their list alone.
    var channels: [ChannelAddress] {
        let directory = territory.territory
        let own = recipient.channels(in: directory).filter { channel in
            guard channel.kind != .inapp, available.contains(channel.kind), channel.kind.hasAddress == (channel.address != nil) else { return false }
            return channel.kind != .mssante || channel.address.map { directory?.allowsSecureMail(to: $0) == true } ?? false
        }
        if !own.isEmpty { return own }
        return [ChannelAddress(kind: available.contains(.sandbox) ? .sandbox : .inapp)]
    }

    static func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
}
