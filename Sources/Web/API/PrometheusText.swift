import EventStore
import Projections
import Timekeeping

/// Figures in the Prometheus text format 0.0.4.
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private typealias Kind = MetricFamily.Kind

    private var lines: [String] = []

    /// What is measured of one territory.
    struct Sample {
        let territory: String
        let head: LogHead
        let views: [ProjectionStatus]
        /// Whether the log accepts appends; nil where that is not known.
        let isAccepting: Bool?
        let followers: [FollowerHealth]
        let feed: FeedStatus
        let counted: [MetricFamily]
    }

    /// - Parameter process: what is counted of all territories together.
    static func metrics(_ samples: [Sample], process: [MetricFamily]) -> String {
        var text = PrometheusText()
        text.gauge("relais_log_position", "Position of the last event of the log.", samples) { [([], $0.head.position)] }
        text.gauge("relais_projection_position", "Position that a view has reached.", samples) { sample in
            sample.views.map { ([("projection", $0.name)], $0.position) }
        }
        text.gauge("relais_projection_lag_events", "Events that a view is behind.", samples) { sample in
            sample.views.map { ([("projection", $0.name)], $0.lag(behind: sample.head)) }
        }
        text.gauge("relais_projection_parked_events", "Events that a view could not take in.", samples) { sample in
            sample.views.map { ([("projection", $0.name)], $0.parked) }
        }
        text.gauge("relais_log_accepting", "1 if the log acknowledges appends, 0 if it refuses them.", samples) { sample in
            sample.isAccepting.map { [([], $0 ? 1 : 0)] } ?? []
        }
        text.addFollowers(samples)
        text.addFeeds(samples)
        text.addCounted(samples)
        text.addProcess(process)
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func addFollowers(_ samples: [Sample]) {
        let values: [(String, String, @Sendable (FollowerHealth) -> Int64?)] = [
            ("relais_follower_lag_events", "Events that a follower has not taken in.", { $0.lag }),
            ("relais_follower_oldest_pending_milliseconds", "Age of the oldest of them.", { $0.oldestPending ?? 0 }),
            ("relais_follower_heartbeat_milliseconds", "Time since a follower's last sign of life.", { $0.heartbeat }),
            ("relais_follower_parked_events", "Events that a follower could not act on.", { $0.parked }),
            ("relais_follower_ready", "1 if a follower can be relied on.", { $0.isReady ? 1 : 0 }),
        ]
        for (name, help, value) in values {
            gauge(name, help, samples) { sample in
                sample.followers.compactMap { health in value(health).map { ([("follower", health.name)], $0) } }
            }
        }
    }

    private mutating func addFeeds(_ samples: [Sample]) {
        let outcomes: [(String, KeyPath<FeedStatus.Sender, Int64>)] = [
            ("accepted", \.accepted), ("ignored", \.ignored), ("duplicate", \.duplicates), ("orphan", \.orphans), ("quarantined", \.quarantined),
            ("refused", \.refused),
        ]
        family("relais_feed_messages_total", .counter, "Messages by sender and outcome.", samples) { sample in
            sample.feed.senders.flatMap { sender in outcomes.map { (Self.labels(sender) + [("outcome", $0.0)], sender[keyPath: $0.1]) } }
        }
        gauge("relais_feed_orphans_waiting", "Messages that wait for what they speak of.", samples) { sample in
            sample.feed.senders.map { (Self.labels($0), $0.orphansWaiting) }
        }
        gauge("relais_feed_orphans_overdue", "Those that have waited longer than the alarm allows.", samples) { sample in
            sample.feed.senders.map { (Self.labels($0), $0.orphansOverdue) }
        }
        gauge("relais_feed_quarantine_waiting", "Messages in quarantine on which nobody has decided.", samples) { sample in
            sample.feed.senders.map { (Self.labels($0), $0.quarantineWaiting) }
        }
        family("relais_feed_warnings_total", .counter, "Messages by sender and warning code.", samples) { sample in
            sample.feed.senders.flatMap { sender in
                sender.warnings.sorted { $0.key < $1.key }.map { (Self.labels(sender) + [("code", $0.key)], $0.value) }
            }
        }
        gauge("relais_feed_last_received_seconds", "When the last message was recorded, in seconds since 1970.", samples) { sample in
            sample.feed.senders.map { (Self.labels($0), $0.lastReceivedAt.millisecondsSinceEpoch / 1_000) }
        }
    }

    private mutating func addCounted(_ samples: [Sample]) {
        var seen: Set<String> = []
        for one in samples.flatMap(\.counted) where seen.insert(one.name).inserted {
            family(one.name, one.kind, one.help, samples) { sample in
                sample.counted.filter { $0.name == one.name }.flatMap { $0.values.map { ($0.labels, $0.value) } }
            }
        }
    }

    private mutating func addProcess(_ families: [MetricFamily]) {
        for family in families {
            head(family.name, family.kind, family.help)
            for value in family.values { line(family.name, value.labels, value.value) }
        }
    }

    private static func labels(_ sender: FeedStatus.Sender) -> [(String, String)] {
        [("application", sender.application), ("facility", sender.facility)]
    }

    private typealias Values = [(labels: [(String, String)], value: Int64)]

    private mutating func gauge(_ name: String, _ help: String, _ samples: [Sample], _ values: (Sample) -> Values) {
        family(name, .gauge, help, samples, values)
    }

    /// Every value carries its territory.
    private mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample], _ values: (Sample) -> Values) {
        head(name, kind, help)
        for sample in samples {
            for (labels, value) in values(sample) { line(name, [("territory", sample.territory)] + labels, value) }
        }
    }

    private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
        lines.append("# HELP \(name) \(help)")
        lines.append("# TYPE \(name) \(kind.rawValue)")
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Int64) {
        let text = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        lines.append(text.isEmpty ? "\(name) \(value)" : "\(name){\(text)} \(value)")
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
