import Notifications
import Pathways
import Streaming
import Web

extension NodeNotifications {
    /// For `/metrics`: what is on its way, what became of it since the process began, and what nobody is going to tell, which must be 0.
    var families: [MetricFamily] {
        let counts = dispatcher.figures.counts
        var families = [
            MetricFamily(
                "relais_notifications_attempts_total",
                .counter,
                "Attempts to hand a message over, by channel.",
                ChannelKind.allCases.map { .init([("channel", $0.rawValue)], counts.attempts[$0] ?? 0) }
            ),
            MetricFamily(
                "relais_notifications_handed_over_total",
                .counter,
                "Messages that a channel took.",
                ChannelKind.allCases.map { .init([("channel", $0.rawValue)], counts.handOvers[$0] ?? 0) }
            ),
            MetricFamily(
                "relais_notifications_failures_total",
                .counter,
                "Attempts that failed, by the channel's word.",
                counts.failures.sorted { $0.key < $1.key }.map { .init([("reason", $0.key)], $0.value) }
            ),
            MetricFamily(
                "relais_notifications_undeliverable_total",
                .counter,
                "Messages of which nothing more is tried.",
                UndeliverableReason.allCases.map { .init([("reason", $0.rawValue)], counts.undeliverable[$0] ?? 0) }
            ),
            MetricFamily(
                "relais_notifications_handover_milliseconds",
                .counter,
                "Hand-overs by the time since their newest event was recorded: cumulative buckets.",
                latencyBuckets(counts)
            ),
            MetricFamily(
                "relais_notifications_repaired_total",
                .counter,
                "News that had been forgotten and were taken in by the reconciler.",
                [.init([], reconciliation.repaired)]
            ),
        ]
        if let sharing {
            families.append(
                MetricFamily(
                    "relais_notifier_shares",
                    .gauge,
                    "Of the shares into which the people are divided, how many this node tells.",
                    [.init([("territory", sharing.topics.territory)], Int64(sharing.shares.held.count))]
                )
            )
        }
        if let onTheWay = reconciliation.counts, let difference = reconciliation.difference {
            families.append(
                MetricFamily(
                    "relais_notifications_difference",
                    .gauge,
                    "News that are neither told, parked, escalated nor on their way. Must be 0.",
                    [.init([], difference)]
                )
            )
            families.append(
                MetricFamily(
                    "relais_notifications_outbox",
                    .gauge,
                    "What is on its way to those whom this node tells; what is parked here.",
                    [
                        .init([("state", "waiting")], onTheWay.waiting), .init([("state", "pending")], onTheWay.pending),
                        .init([("state", "unrecorded")], onTheWay.unrecorded), .init([("state", "parked")], onTheWay.parked),
                    ]
                )
            )
        }
        return families
    }

    private func latencyBuckets(_ counts: DispatchFigures.Counts) -> [MetricFamily.Value] {
        var total: Int64 = 0
        var values: [MetricFamily.Value] = []
        for (index, count) in counts.latencies.enumerated() {
            total += count
            let bound = index < DispatchFigures.bounds.count ? String(DispatchFigures.bounds[index]) : "+Inf"
            values.append(.init([("le", bound)], total))
        }
        return values
    }
}
