public import Pathways
public import Timekeeping

/// An outbox beside others that tell the same territory's people: it hears what they did.
extension Outbox {
    /// Keeps what the log says of a message, whoever told it. Nothing changes when it is kept already.
    public func adopt(_ fact: ToldFact, at now: Instant) throws {
        switch fact {
        case .handedOver(let fact):
            let state = Delivery.State.handedOver(by: fact.channel, receipt: fact.receipt, at: fact.at)
            try adopt(fact.message, as: state, of: fact.recipient, fact.items, fact.urgency, reminder: fact.reminder, attempts: fact.attempts, now)
        case .undeliverable(let fact):
            let state = Delivery.State.failed(fact.reason, at: fact.at)
            try adopt(fact.message, as: state, of: fact.recipient, fact.items, nil, reminder: nil, attempts: 0, now)
        }
    }

    private func adopt(
        _ id: String,
        as state: Delivery.State,
        of recipient: String,
        _ items: [ToldItem],
        _ urgency: News.Urgency?,
        reminder: Int?,
        attempts: Int,
        _ now: Instant
    ) throws {
        var isOurs = false
        if var delivery = try message(id)?.delivery {
            switch delivery.state {
            case .handedOver, .failed: isOurs = true
            case .settled where try !isToBeTold(id, items.map { $0.key(for: recipient) }, by: state): return
            case .settled, .waiting, .cancelled, .parked:
                delivery.state = state
                try save(delivery, of: id)
            }
        } else {
            let news = try news(items.map { $0.key(for: recipient) })
            guard let first = news.first else { return }
            let reminders = reminder.map { $0...$0 } ?? 0...2
            let delivery = Delivery(state, attempts: attempts, mayBeOut: true)
            // Of one that nobody took it is not said whether it was a reminder: its id is.
            let formed = reminders.lazy.map { number in
                OutboxMessage(
                    recipient: recipient,
                    urgency: urgency ?? first.news.urgency,
                    reminder: number,
                    madeAt: now,
                    position: news.map(\.position).max() ?? 0,
                    items: news.map(\.news),
                    delivery: delivery
                )
            }
            // Another id: some of its news are forgotten here by now.
            guard let message = formed.first(where: { $0.id == id }) else { return }
            try form(message)
            try save(delivery, of: id)
        }
        if var delivery = try message(id)?.delivery {
            delivery.state = .settled
            try save(delivery, of: id)
        }
        // What is to be reminded of is to be looked at, by whoever it is then. Whoever told it does so anyway.
        if !isOurs { try look(at: recipient, now: now) }
    }

    /// Whether a message that was given up, and is through, was told after all.
    private func isToBeTold(_ id: String, _ keys: [NewsKey], by state: Delivery.State) throws -> Bool {
        guard case .handedOver = state else { return false }
        return try news(keys).contains { $0.message == id && $0.toldAt == nil }
    }

    /// A channel gave a message back: it is tried another way.
    ///
    /// Kept before anything is tried: with the channel that gave it back among those that are done with.
    public func tryAnotherWay(_ id: String, than channel: ChannelKind, at now: Instant) throws {
        guard let message = try message(id), message.delivery.state == .settled, !message.delivery.tried.contains(channel) else { return }
        try save(Delivery(.waiting(until: now), tried: message.delivery.tried + [channel]), of: id)
        try look(at: message.recipient, now: now)
    }

    /// Takes over what another node had begun or decided, unless the log has told since what became of it.
    ///
    /// - Parameter isGivenUp: whether the log says of it that nothing more is tried: then somebody had it tried again.
    public func resume(_ message: OutboxMessage, isGivenUp: Bool = false, at now: Instant) throws {
        switch try self.message(message.id)?.delivery.state {
        case nil:
            try form(message)
            try save(message.delivery, of: message.id)
        case .waiting: try save(message.delivery, of: message.id)
        case .settled where isGivenUp && message.delivery.state.isWaiting: try save(message.delivery, of: message.id)
        case .handedOver, .failed, .settled, .cancelled, .parked: return
        }
        try look(at: message.recipient, now: now)
    }
}

extension Delivery.State {
    fileprivate var isWaiting: Bool { if case .waiting = self { true } else { false } }
}
