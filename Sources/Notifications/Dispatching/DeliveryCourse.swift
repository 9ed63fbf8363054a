public import NotificationChannels
public import Pathways
public import Timekeeping

/// How one message gets from attempt to attempt and from channel to channel. Pure.
public struct DeliveryCourse: Hashable, Sendable {
    /// That may be used for this person, in their order.
    public let channels: [ChannelAddress]
    public let urgency: News.Urgency
    public let rules: DispatchRules

    public init(channels: [ChannelAddress], urgency: News.Urgency, rules: DispatchRules = DispatchRules()) {
        self.channels = channels
        self.urgency = urgency
        self.rules = rules
    }

    /// The channel to be tried now, and the delivery on it; the channel is nil where none is left: the delivery has failed then.
    public func aligned(_ delivery: Delivery, at now: Instant) -> (delivery: Delivery, channel: ChannelAddress?) {
        if let kind = delivery.channel, !delivery.tried.contains(kind) {
            guard let channel = channels.first(where: { $0.kind == kind }) else {
                // They do not want it there any more, or we cannot.
                let left = delivery.attempts > 0 ? delivery.tried + [kind] : delivery.tried
                let isOverdue = delivery.isOverdue || delivery.attempts > 0
                return aligned(Delivery(.waiting(until: now), tried: left, isOverdue: isOverdue, mayBeOut: delivery.mayBeOut), at: now)
            }
            guard let since = delivery.since, now.milliseconds(since: since) >= rules.patience(urgency), next(after: delivery) != nil else {
                return (delivery, channel)
            }
            return aligned(leaving(kind, delivery, isOverdue: true, at: now), at: now)
        }
        guard let channel = next(after: delivery) else { return (failed(delivery, at: now), nil) }
        var begun = delivery
        (begun.channel, begun.attempts, begun.since) = (channel.kind, 0, nil)
        return (begun, channel)
    }

    /// What is kept before an attempt. Should we not live to see its outcome, it is repeated after the first pause.
    public func beginning(_ delivery: Delivery, at now: Instant, chance: UInt64) -> Delivery {
        var begun = delivery
        begun.attempts = delivery.attempts < Int.max ? delivery.attempts + 1 : delivery.attempts
        begun.since = start(of: delivery, at: now)
        begun.mayBeOut = true
        begun.state = .waiting(until: retry(begun, after: DispatchRules.pause(afterAttempts: 1, chance: chance), at: now))
        return begun
    }

    /// - Parameters:
    ///   - begun: as kept before the attempt.
    ///   - mayHaveBeenOut: whether a channel may have had it from an attempt before this one.
    public func after(
        _ outcome: DeliveryOutcome,
        _ begun: Delivery,
        on kind: ChannelKind,
        at now: Instant,
        chance: UInt64,
        mayHaveBeenOut: Bool = false
    ) -> Delivery {
        var begun = begun
        if outcome.isCertainRefusal { begun.mayBeOut = mayHaveBeenOut }
        var ended = begun
        switch outcome {
        case .handedOver(let receipt): ended.state = .handedOver(by: kind, receipt: receipt, at: now)
        case .never: ended = aligned(leaving(kind, begun, isOverdue: false, at: now), at: now).delivery
        case .later(_, let asked):
            if next(after: begun) == nil, isOver(begun, at: now) {
                ended = failed(leaving(kind, begun, isOverdue: true, at: now), at: now)
            } else {
                let wished = asked.map { min(max($0.milliseconds, 0), DispatchRules.longestPause) } ?? 0
                let pause = max(DispatchRules.pause(afterAttempts: begun.attempts, chance: chance), wished)
                ended.state = .waiting(until: retry(begun, after: pause, at: now))
            }
        }
        return ended
    }

    /// Its destination is down: nothing is attempted, but the time counts.
    public func postponed(_ delivery: Delivery, on kind: ChannelKind, at now: Instant) -> Delivery {
        if next(after: delivery) == nil, isOver(delivery, at: now) { return failed(leaving(kind, delivery, isOverdue: true, at: now), at: now) }
        var kept = delivery
        kept.since = start(of: delivery, at: now)
        return kept
    }

    /// When patience with the channel in hand is over; nil if nothing has failed on it.
    func limit(of delivery: Delivery) -> Instant? {
        delivery.since?.adding(milliseconds: next(after: delivery) == nil ? rules.lastPatience : rules.patience(urgency))
    }

    // MARK: - Parts

    /// The first that is neither in hand nor done with.
    private func next(after delivery: Delivery) -> ChannelAddress? {
        channels.first { $0.kind != delivery.channel && !delivery.tried.contains($0.kind) }
    }

    private func isOver(_ delivery: Delivery, at now: Instant) -> Bool {
        delivery.since.map { now.milliseconds(since: $0) >= rules.lastPatience } ?? false
    }

    /// A clock that was set back must not make it wait for what is to come.
    private func start(of delivery: Delivery, at now: Instant) -> Instant { delivery.since.map { min($0, now) } ?? now }

    private func retry(_ delivery: Delivery, after pause: Int64, at now: Instant) -> Instant {
        let until = now.adding(milliseconds: pause)
        return limit(of: delivery).map { $0 > now ? min(until, $0) : until } ?? until
    }

    private func leaving(_ kind: ChannelKind, _ delivery: Delivery, isOverdue: Bool, at now: Instant) -> Delivery {
        Delivery(
            .waiting(until: now),
            tried: delivery.tried.contains(kind) ? delivery.tried : delivery.tried + [kind],
            isOverdue: delivery.isOverdue || isOverdue,
            mayBeOut: delivery.mayBeOut
        )
    }

    private func failed(_ delivery: Delivery, at now: Instant) -> Delivery {
        var failed = delivery
        let reason: UndeliverableReason = delivery.tried.isEmpty ? .noChannel : delivery.isOverdue ? .expired : .refused
        failed.state = .failed(reason, at: now)
        return failed
    }
}

extension Duration {
    /// Held within `Int64`.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, tooFar) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflow || tooFar ? (seconds < 0 ? .min : .max) : sum
    }
}
