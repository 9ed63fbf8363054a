import EventStore
import Pathways
import Timekeeping

/// Folds messages into the counts per sender and the quarantine, and what became of them into what still waits.
final class FeedWriter: ProjectionWriter {
    private let counts: FeedCounts
    private let held: FeedHeld
    private let quarantine: FeedQuarantine
    private let erasure: FeedErasure
    private let insertMessage: ViewStatement

    init(_ tables: ViewTables) throws {
        counts = try FeedCounts(tables)
        held = try FeedHeld(tables)
        quarantine = try FeedQuarantine(tables)
        erasure = try FeedErasure(tables)
        insertMessage = try tables.statement(
            """
            INSERT INTO \(tables["feed_message"])(position, application, facility, outcome, warnings, received_at, subject)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
    }

    func forget() {
        counts.forget()
        held.forget()
    }

    func flush() throws {
        try counts.flush()
    }

    func handle(_ opened: OpenedEvent) throws {
        let recorded = opened.recorded
        switch opened.event {
        case .messageReceived(let body): try receive(body, recorded)
        case .messageRepaired(let body):
            guard let message = EventID(body.message) else { throw UnreadableEvent(problem: "names a message that is no event id") }
            guard let origin = try quarantine.end(message, recorded, by: body.by.urn, .repaired(body.outcome)) else { return }
            if body.outcome == .orphan { try held.addOrphan(recorded, origin) }
        case .messageDiscarded(let body):
            guard let message = EventID(body.message) else { throw UnreadableEvent(problem: "names a message that is no event id") }
            _ = try quarantine.end(message, recorded, by: body.by.urn, .discarded(body.reason))
        case .pathway(let event): try handle(event, recorded)
        case .patientsMerged(let body):
            // Recorded in the streams of both; it is the retired number that may be unknown.
            if body.retired.stream == recorded.stream.hex { try held.hold(.patient, recorded) }
        case .dossierMoved(let body):
            if body.to.stream == recorded.stream.hex { try held.hold(.dossier(body.account), recorded) }
        case .patientIdentified: try held.release(.patient, in: recorded.stream)
        case .visitRegistered(let body):
            try held.release(.patient, in: recorded.stream)
            if let account = body.account { try held.release(.dossier(account)) }
        case .identityCorrected, .oppositionRecorded, .oppositionLifted, .mergeUndone, .streamErased, .patientErased, .commandKeyReused,
            .territoryPublished, .protocolPublished, .siteProfilePublished, .parkingDiscarded, .consentRecorded, .consentWithdrawn,
            .absenceDeclared, .absenceEnded, .channelsSet, .messageHandedOver, .messageDelivered, .messageOpened, .messageBounced,
            .messageUndeliverable:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        // What is taken out must have been written.
        try counts.flush()
        try erasure.erase(stream, counts)
        held.forget()
    }

    private func receive(_ body: MessageReceived, _ recorded: RecordedEvent) throws {
        let sender = FeedCounts.Sender(application: body.facts.application, facility: body.facts.facility)
        // One message counts once per code, however many of its fields have the defect.
        let warnings = Set(body.warnings.map(\.code.rawValue)).sorted()
        insertMessage.bind(1, recorded.position)
        insertMessage.bind(2, sender.application)
        insertMessage.bind(3, sender.facility)
        insertMessage.bind(4, body.outcome.rawValue)
        insertMessage.bind(5, warnings.isEmpty ? nil : warnings.joined(separator: " "))
        insertMessage.bind(6, recorded.recordedAt.millisecondsSinceEpoch)
        try insertMessage.bind(7, body.subject.flatMap { StreamID(hex: $0) })
        try insertMessage.run()
        counts.received(from: sender, at: recorded.recordedAt.millisecondsSinceEpoch)
        counts.count(sender, outcome: body.outcome.rawValue, by: 1)
        for code in warnings { counts.count(sender, warning: code, by: 1) }
        switch body.outcome {
        case .orphan: try held.addOrphan(recorded, .init(body.facts))
        case .quarantined: try quarantine.begin(body, warnings, recorded)
        case .accepted, .ignored, .refused: break
        }
    }

    private func handle(_ event: PathwayEvent, _ recorded: RecordedEvent) throws {
        switch event {
        case .movementHeld(let body): try held.hold(FeedParent(body.report), recorded)
        case .movementCancelled(let body): try held.release(.cancellation(body.movement), in: recorded.stream)
        case .movementCorrected(let body): try held.release(.correction(body.movement.id), in: recorded.stream)
        default:
            if let movement = event.insertedMovement { try held.release(.movement(movement.id), in: recorded.stream) }
        }
    }
}
