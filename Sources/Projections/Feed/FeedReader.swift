public import EventStore
import Pathways
import Timekeeping

/// Reads what came from each sender.
public struct FeedReader: Sendable {
    private let views: Views
    private let log: any EventReader

    /// - Parameter log: where repetitions are counted: they are no events.
    public init(views: Views, log: any EventReader) {
        self.views = views
        self.log = log
    }

    /// The scope of the idempotency keys of a sender's messages, so that repetitions are counted per sender.
    public static func commandScope(application: String, facility: String) -> String { "hl7/\(facility)/\(application)" }

    public func status() throws -> FeedStatus {
        try views.read { connection in
            let counts = try connection.statement("SELECT kind, code, total FROM feed_count WHERE application = ?1 AND facility = ?2")
            // The same movement held by two messages waits once.
            let waiting = try connection.statement(
                """
                SELECT count(*) FROM (
                    SELECT DISTINCT pathway, authority, movement, cancels FROM feed_held WHERE application = ?1 AND facility = ?2)
                """
            )
            let senders = try connection.statement(
                "SELECT application, facility, last_received_at FROM feed_sender ORDER BY application, facility"
            )
            return FeedStatus(
                position: try connection.position(of: FeedProjection.name),
                senders: try senders.rows { row in
                    let (application, facility) = (row.string(0), row.string(1))
                    counts.bind(1, application)
                    counts.bind(2, facility)
                    var outcomes: [String: Int64] = [:]
                    var warnings: [String: Int64] = [:]
                    for (kind, code, total) in try counts.rows({ ($0.string(0), $0.string(1), $0.int64(2)) }) {
                        if kind == "outcome" { outcomes[code] = total } else { warnings[code] = total }
                    }
                    waiting.bind(1, application)
                    waiting.bind(2, facility)
                    func total(_ outcome: MessageOutcome) -> Int64 { outcomes[outcome.rawValue] ?? 0 }
                    let scope = Self.commandScope(application: application, facility: facility)
                    return FeedStatus.Sender(
                        application: application,
                        facility: facility,
                        accepted: total(.accepted),
                        ignored: total(.ignored),
                        duplicates: try log.commandCounts(scope: scope).repeats,
                        orphans: total(.orphan),
                        orphansWaiting: try waiting.first { $0.int64(0) } ?? 0,
                        quarantined: total(.quarantined),
                        refused: total(.refused),
                        warnings: warnings,
                        lastReceivedAt: Instant(millisecondsSinceEpoch: row.int64(2))
                    )
                }
            )
        }
    }
}
