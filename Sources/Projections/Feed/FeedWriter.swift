import EventStore
import Pathways
import Timekeeping

/// Folds messages into the counts per sender, and movements into what still waits.
final class FeedWriter: ProjectionWriter {
    private struct Sender: Hashable {
        let application: String
        let facility: String
    }

    private let insertSender: ViewStatement
    private let findSender: ViewStatement
    private let touchSender: ViewStatement
    private let count: ViewStatement
    private let insertOrphan: ViewStatement
    private let insertHeld: ViewStatement
    private let release: ViewStatement
    private let anyHeld: ViewStatement
    private var senders: [Sender: Int64] = [:]
    /// Whether anything waits at all; nil until looked up. Most feeds have no orphan, and most movements release none.
    private var someWait: Bool?

    init(_ tables: ViewTables) throws {
        let sender = tables["feed_sender"]
        insertSender = try tables.statement(
            """
            INSERT INTO \(sender)(number, application, facility, last_received_at)
            VALUES ((SELECT coalesce(max(number), 0) + 1 FROM \(sender)), ?1, ?2, 0) RETURNING number
            """
        )
        findSender = try tables.statement("SELECT number FROM \(sender) WHERE application = ?1 AND facility = ?2")
        touchSender = try tables.statement("UPDATE \(sender) SET last_received_at = ?2 WHERE number = ?1")
        count = try tables.statement(
            """
            INSERT INTO \(tables["feed_count"])(sender, kind, code, total) VALUES (?1, ?2, ?3, 1)
            ON CONFLICT (sender, kind, code) DO UPDATE SET total = total + 1
            """
        )
        insertOrphan = try tables.statement("INSERT OR REPLACE INTO \(tables["feed_orphan"])(message, sender) VALUES (?1, ?2)")
        insertHeld = try tables.statement(
            """
            INSERT OR IGNORE INTO \(tables["feed_held"])(pathway, authority, movement, cancels, sender)
            SELECT ?1, ?2, ?3, ?4, sender FROM \(tables["feed_orphan"]) WHERE message = ?5
            """
        )
        release = try tables.statement(
            "DELETE FROM \(tables["feed_held"]) WHERE pathway = ?1 AND authority = ?2 AND movement = ?3 AND cancels = ?4"
        )
        anyHeld = try tables.statement("SELECT 1 FROM \(tables["feed_held"]) LIMIT 1")
    }

    func forget() {
        senders = [:]
        someWait = nil
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .messageReceived(let body): try receive(body, opened.recorded)
        case .pathway(let event): try handle(event, opened.recorded)
        case .patientIdentified, .commandKeyReused, .territoryPublished, .protocolPublished: break
        }
    }

    private func receive(_ body: MessageReceived, _ recorded: RecordedEvent) throws {
        let sender = try number(of: Sender(application: body.facts.application, facility: body.facts.facility))
        touchSender.bind(1, sender)
        touchSender.bind(2, recorded.recordedAt.millisecondsSinceEpoch)
        try touchSender.run()
        try count(sender, "outcome", body.outcome.rawValue)
        // One message counts once per code, however many of its fields have the defect.
        for code in Set(body.warnings.map(\.code.rawValue)).sorted() { try count(sender, "warning", code) }
        guard body.outcome == .orphan else { return }
        insertOrphan.bind(1, recorded.id.bytes)
        insertOrphan.bind(2, sender)
        try insertOrphan.run()
    }

    private func handle(_ event: PathwayEvent, _ recorded: RecordedEvent) throws {
        switch event {
        case .movementHeld(let body):
            guard let message = recorded.causation else { return }
            let isCancellation = if case .cancellation = body.report { true } else { false }
            bind(insertHeld, recorded.stream, body.report.movementID, cancels: isCancellation)
            insertHeld.bind(5, message.bytes)
            try insertHeld.run()
            someWait = true
        case .movementCancelled(let body): try release(recorded.stream, body.movement, cancels: true)
        case .stayPlanned(let body): try release(recorded.stream, body.movement.id, cancels: false)
        case .patientAdmitted(let body): try release(recorded.stream, body.movement.id, cancels: false)
        case .emergencyVisitRegistered(let body): try release(recorded.stream, body.movement.id, cancels: false)
        case .patientTransferred(let body): try release(recorded.stream, body.movement.id, cancels: false)
        case .patientDischarged(let body): try release(recorded.stream, body.movement.id, cancels: false)
        default: break
        }
    }

    private func release(_ pathway: StreamID, _ movement: MovementID, cancels: Bool) throws {
        if someWait == nil { someWait = try anyHeld.first { _ in true } ?? false }
        guard someWait == true else { return }
        bind(release, pathway, movement, cancels: cancels)
        try release.run()
    }

    private func bind(_ statement: ViewStatement, _ pathway: StreamID, _ movement: MovementID, cancels: Bool) {
        statement.bind(1, pathway.bytes)
        statement.bind(2, movement.authority)
        statement.bind(3, movement.value)
        statement.bind(4, cancels ? 1 : 0)
    }

    private func count(_ sender: Int64, _ kind: String, _ code: String) throws {
        count.bind(1, sender)
        count.bind(2, kind)
        count.bind(3, code)
        try count.run()
    }

    private func number(of sender: Sender) throws -> Int64 {
        if let number = senders[sender] { return number }
        for statement in [findSender, insertSender] {
            statement.bind(1, sender.application)
            statement.bind(2, sender.facility)
            if let number = try statement.first({ $0.int64(0) }) {
                // A feed names few senders; one that invents them must not fill the memory.
                if senders.count >= 1_024 { senders = [:] }
                senders[sender] = number
                return number
            }
        }
        throw ViewError.damaged(table: "feed_sender")
    }
}
