import EventStore
import Pathways
import Timekeeping

/// Folds messages into the counts per sender, and movements into what still waits.
final class FeedWriter: ProjectionWriter {
    private typealias Sender = FeedCounts.Sender

    private let counts: FeedCounts
    private let erasure: FeedErasure
    private let insertMessage: ViewStatement
    private let insertOrphan: ViewStatement
    private let insertHeld: ViewStatement
    private let release: ViewStatement
    private let anyHeld: ViewStatement
    /// Whether anything waits at all; nil until looked up. Most feeds have no orphan, and most movements release none.
    private var someWait: Bool?

    init(_ tables: ViewTables) throws {
        counts = try FeedCounts(tables)
        erasure = try FeedErasure(tables)
        insertMessage = try tables.statement(
            """
            INSERT INTO \(tables["feed_message"])(position, application, facility, outcome, warnings, received_at, subject)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
        insertOrphan = try tables.statement(
            "INSERT OR REPLACE INTO \(tables["feed_orphan"])(message, position, application, facility) VALUES (?1, ?2, ?3, ?4)"
        )
        insertHeld = try tables.statement(
            """
            INSERT OR IGNORE INTO \(tables["feed_held"])(pathway, authority, movement, cancels, message, application, facility)
            SELECT ?1, ?2, ?3, ?4, message, application, facility FROM \(tables["feed_orphan"]) WHERE message = ?5
            """
        )
        release = try tables.statement(
            "DELETE FROM \(tables["feed_held"]) WHERE pathway = ?1 AND authority = ?2 AND movement = ?3 AND cancels = ?4"
        )
        anyHeld = try tables.statement("SELECT 1 FROM \(tables["feed_held"]) LIMIT 1")
    }

    func forget() {
        counts.forget()
        someWait = nil
    }

    func flush() throws {
        try counts.flush()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .messageReceived(let body): try receive(body, opened.recorded)
        case .pathway(let event): try handle(event, opened.recorded)
        case .patientIdentified, .identityCorrected, .oppositionRecorded, .oppositionLifted, .streamErased, .patientErased, .commandKeyReused,
            .territoryPublished, .protocolPublished, .parkingDiscarded:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        // What is taken out must have been written.
        try counts.flush()
        try erasure.erase(stream, counts)
        someWait = nil
    }

    private func receive(_ body: MessageReceived, _ recorded: RecordedEvent) throws {
        let sender = Sender(application: body.facts.application, facility: body.facts.facility)
        // One message counts once per code, however many of its fields have the defect.
        let warnings = Set(body.warnings.map(\.code.rawValue)).sorted()
        insertMessage.bind(1, recorded.position)
        insertMessage.bind(2, sender.application)
        insertMessage.bind(3, sender.facility)
        insertMessage.bind(4, body.outcome.rawValue)
        insertMessage.bind(5, warnings.isEmpty ? nil : warnings.joined(separator: " "))
        insertMessage.bind(6, recorded.recordedAt.millisecondsSinceEpoch)
        insertMessage.bind(7, body.subject.flatMap { StreamID(hex: $0) })
        try insertMessage.run()
        counts.received(from: sender, at: recorded.recordedAt.millisecondsSinceEpoch)
        counts.count(sender, outcome: body.outcome.rawValue, by: 1)
        for code in warnings { counts.count(sender, warning: code, by: 1) }
        guard body.outcome == .orphan else { return }
        insertOrphan.bind(1, recorded.id.bytes)
        insertOrphan.bind(2, recorded.position)
        insertOrphan.bind(3, sender.application)
        insertOrphan.bind(4, sender.facility)
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
        statement.bind(1, pathway)
        statement.bind(2, movement.authority)
        statement.bind(3, movement.value)
        statement.bind(4, cancels ? 1 : 0)
    }
}
