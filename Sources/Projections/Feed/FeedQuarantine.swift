import EventStore
import Pathways
import Timekeeping

/// The messages in quarantine, and how each of them ended.
final class FeedQuarantine {
    enum End {
        case repaired(MessageOutcome)
        case discarded(DiscardReason)
    }

    private let insert: ViewStatement
    private let look: ViewStatement
    private let update: ViewStatement

    init(_ tables: ViewTables) throws {
        let quarantine = tables["feed_quarantine"]
        insert = try tables.statement(
            """
            INSERT INTO \(quarantine)(position, message, application, facility, control_id, trigger, received_at, errors, warnings, status)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '\(QuarantinedMessage.Status.waiting.rawValue)')
            """
        )
        look = try tables.statement("SELECT application, facility, control_id, trigger FROM \(quarantine) WHERE message = ?1")
        update = try tables.statement(
            """
            UPDATE \(quarantine) SET status = ?2, decision = ?3, decided_at = ?4, decided_by = ?5, outcome = ?6, reason = ?7
            WHERE message = ?1
            """
        )
    }

    func begin(_ body: MessageReceived, _ warnings: [String], _ recorded: RecordedEvent) throws {
        insert.bind(1, recorded.position)
        insert.bind(2, recorded.id.bytes)
        insert.bind(3, body.facts.application)
        insert.bind(4, body.facts.facility)
        insert.bind(5, body.facts.controlID)
        insert.bind(6, body.facts.trigger)
        insert.bind(7, recorded.recordedAt.millisecondsSinceEpoch)
        insert.bind(8, body.errors.joined(separator: "\n"))
        insert.bind(9, warnings.joined(separator: " "))
        try insert.run()
    }

    /// - Returns: which message it was; nil if it is not in the table (erased since).
    func end(_ message: EventID, _ recorded: RecordedEvent, by actor: String, _ end: End) throws -> FeedHeld.Origin? {
        look.bind(1, message.bytes)
        let origin = try look.first {
            FeedHeld.Origin(application: $0.string(0), facility: $0.string(1), controlID: $0.string(2), trigger: $0.string(3))
        }
        guard let origin else { return nil }
        update.bind(1, message.bytes)
        update.bind(3, recorded.id.bytes)
        update.bind(4, recorded.recordedAt.millisecondsSinceEpoch)
        update.bind(5, actor)
        switch end {
        case .repaired(let outcome):
            update.bind(2, QuarantinedMessage.Status.repaired.rawValue)
            update.bind(6, outcome.rawValue)
            update.bindNull(7)
        case .discarded(let reason):
            update.bind(2, QuarantinedMessage.Status.discarded.rawValue)
            update.bindNull(6)
            update.bind(7, reason.rawValue)
        }
        try update.run()
        return origin
    }
}
