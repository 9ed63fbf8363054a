import EventStore
import Projections
import Timekeeping

/// Figures in the Prometheus text format 0.0.4.
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private enum Kind: String {
        case gauge, counter
    }

    private var lines: [String] = []

    static func metrics(head: LogHead, views: [ProjectionStatus], feed: FeedStatus) -> String {
        var text = PrometheusText()
        text.family("relais_log_position", .gauge, "Position of the last event of the log.", [([], head.position)])
        text.family("relais_projection_position", .gauge, "Position that a view has reached.", views.map { ([("projection", $0.name)], $0.position) })
        text.family(
            "relais_projection_lag_events",
            .gauge,
            "Events that a view is behind.",
            views.map { ([("projection", $0.name)], $0.lag(behind: head)) }
        )
        text.family(
            "relais_projection_parked_events",
            .gauge,
            "Events that a view could not take in.",
            views.map { ([("projection", $0.name)], $0.parked) }
        )
        text.add(feed)
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func add(_ feed: FeedStatus) {
        let outcomes: [(String, KeyPath<FeedStatus.Sender, Int64>)] = [
            ("accepted", \.accepted), ("ignored", \.ignored), ("duplicate", \.duplicates), ("orphan", \.orphans), ("quarantined", \.quarantined),
            ("refused", \.refused),
        ]
        family(
            "relais_feed_messages_total",
            .counter,
            "Messages by sender and outcome.",
            feed.senders.flatMap { sender in outcomes.map { (Self.labels(sender) + [("outcome", $0.0)], sender[keyPath: $0.1]) } }
        )
        family(
            "relais_feed_orphans_waiting",
            .gauge,
            "Messages that wait for what they speak of.",
            feed.senders.map { (Self.labels($0), $0.orphansWaiting) }
        )
        family(
            "relais_feed_warnings_total",
            .counter,
            "Messages by sender and warning code.",
            feed.senders.flatMap { sender in
                sender.warnings.sorted { $0.key < $1.key }.map { (Self.labels(sender) + [("code", $0.key)], $0.value) }
            }
        )
        family(
            "relais_feed_last_received_seconds",
            .gauge,
            "When the last message was recorded, in seconds since 1970.",
            feed.senders.map { (Self.labels($0), $0.lastReceivedAt.millisecondsSinceEpoch / 1_000) }
        )
    }

    private static func labels(_ sender: FeedStatus.Sender) -> [(String, String)] {
        [("application", sender.application), ("facility", sender.facility)]
    }

    private mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [(String, String)], value: Int64)]) {
        lines.append("# HELP \(name) \(help)")
        lines.append("# TYPE \(name) \(kind.rawValue)")
        for (labels, value) in samples {
            let text = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            lines.append(labels.isEmpty ? "\(name) \(value)" : "\(name){\(text)} \(value)")
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
