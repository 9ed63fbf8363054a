import EventStore
import Pathways

/// Folds events into the index of timelines.
final class TimelineWriter: ProjectionWriter {
    private let insertEvent: ViewStatement
    private let insertPathway: ViewStatement
    private let insertOwner: ViewStatement
    private let insertFirstOwner: ViewStatement
    private let insertQuarantined: ViewStatement
    private let quarantined: ViewStatement
    private let insertFollowUp: ViewStatement
    private let erasures: [ViewStatement]
    /// Pathways that have their row.
    private var known = RecentCache<StreamID, Bool>(capacity: 8_192)

    /// More than one event ever plans.
    private static let followUpsPerEvent: Int64 = 4_096

    init(_ tables: ViewTables) throws {
        let event = tables["timeline_event"]
        insertEvent = try tables.statement("INSERT INTO \(event)(position, stream, is_message, subject) VALUES (?1, ?2, ?3, ?4)")
        insertPathway = try tables.statement(
            """
            INSERT INTO \(tables["timeline_pathway"])(from_position, stream, authority, visit) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (stream) DO NOTHING
            """
        )
        let (owner, quarantine) = (tables["timeline_owner"], tables["timeline_quarantine"])
        insertOwner = try tables.statement("INSERT INTO \(owner)(from_position, stream, patient) VALUES (?1, ?2, ?3)")
        insertFirstOwner = try tables.statement(
            """
            INSERT INTO \(owner)(from_position, stream, patient) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM \(owner) WHERE stream = ?2)
            """
        )
        insertQuarantined = try tables.statement("INSERT OR IGNORE INTO \(quarantine)(message, pathway, subject) VALUES (?1, ?2, ?3)")
        quarantined = try tables.statement("SELECT pathway, subject FROM \(quarantine) WHERE message = ?1")
        insertFollowUp = try tables.statement(
            "INSERT INTO \(tables["timeline_follow_up"])(number, id, stream, title) VALUES (?1, ?2, ?3, ?4)"
        )
        erasures = try [
            // Messages in a pathway's story are the sender's: they go with their own subject.
            "DELETE FROM \(event) WHERE stream = ?1 AND is_message = 0",
            "DELETE FROM \(event) WHERE subject = ?1",
            "DELETE FROM \(tables["timeline_pathway"]) WHERE stream = ?1",
            "DELETE FROM \(owner) WHERE stream = ?1",
            "DELETE FROM \(quarantine) WHERE subject = ?1",
            "DELETE FROM \(tables["timeline_follow_up"]) WHERE stream = ?1",
        ].map { try tables.statement($0) }
    }

    func forget() {
        known.removeAll()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified, .identityCorrected, .oppositionRecorded, .oppositionLifted, .patientsMerged, .mergeUndone, .consentRecorded,
            .consentWithdrawn:
            try add(opened, to: opened.stream)
        case .messageReceived(let body): try add(body, opened)
        case .messageRepaired(let body): try addDecision(on: body.message, pathway: body.pathwayStream, opened)
        case .messageDiscarded(let body): try addDecision(on: body.message, pathway: nil, opened)
        case .pathway(let event):
            if case .followUpsPlanned(let body) = event, body.followUps.count > Self.followUpsPerEvent {
                throw UnreadableEvent(problem: "plans more than 4096 follow-ups")
            }
            try add(opened, to: opened.stream)
            if let reference = event.reference { try add(reference, opened.stream, opened.position) }
            if case .pathwayReassigned(let body) = event { try reassign(to: body.to, opened) }
            if case .followUpsPlanned(let body) = event {
                for (place, plan) in body.followUps.enumerated() { try add(plan, at: Int64(place), opened) }
            }
        // Which visits and files a patient has is no part of one visit's story.
        case .visitRegistered, .dossierMoved, .commandKeyReused, .territoryPublished, .protocolPublished, .siteProfilePublished, .streamErased,
            .patientErased, .parkingDiscarded, .absenceDeclared, .absenceEnded, .channelsSet, .messageHandedOver, .messageDelivered, .messageOpened,
            .messageBounced, .messageUndeliverable:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        for statement in erasures {
            try statement.bind(1, stream)
            try statement.run()
        }
        _ = known.take(stream)
    }

    private func add(_ opened: OpenedEvent, to stream: StreamID, isMessage: Bool = false, subject: StreamID? = nil) throws {
        insertEvent.bind(1, opened.position)
        try insertEvent.bind(2, stream)
        insertEvent.bind(3, isMessage ? 1 : 0)
        try insertEvent.bind(4, subject)
        try insertEvent.run()
    }

    private func add(_ body: MessageReceived, _ opened: OpenedEvent) throws {
        let pathway = try body.pathwayStream.map(Self.pathway)
        let subject = body.subject.flatMap { StreamID(hex: $0) }
        if body.outcome == .quarantined {
            insertQuarantined.bind(1, opened.recorded.id.bytes)
            try insertQuarantined.bind(2, pathway)
            try insertQuarantined.bind(3, subject)
            try insertQuarantined.run()
        }
        // A message that speaks of no visit (ignored, identity alone) stands in no pathway's story.
        if let pathway { try add(opened, to: pathway, isMessage: true, subject: subject) }
    }

    /// What somebody decided on a quarantined message stands where the message does, or where its repair leads.
    private func addDecision(on message: String, pathway: String?, _ opened: OpenedEvent) throws {
        guard let id = EventID(message) else { throw UnreadableEvent(problem: "names a message that is no event id") }
        let repaired = try pathway.map(Self.pathway)
        quarantined.bind(1, id.bytes)
        let found = try quarantined.first { (pathway: try $0.stream(0), subject: try $0.stream(1)) }
        guard let found, let stream = repaired ?? found.pathway else { return }
        try add(opened, to: stream, isMessage: true, subject: found.subject)
    }

    private static func pathway(_ hex: String) throws -> StreamID {
        guard let stream = StreamID(hex: hex) else { throw UnreadableEvent(problem: "names a pathway that is no stream id") }
        return stream
    }

    private func reassign(to patient: PatientLink, _ opened: OpenedEvent) throws {
        insertOwner.bind(1, opened.position)
        try insertOwner.bind(2, opened.stream)
        try insertOwner.bind(3, StreamID(hex: patient.stream))
        try insertOwner.run()
    }

    private func add(_ reference: PathwayReference, _ stream: StreamID, _ position: Int64) throws {
        if known.take(stream) == nil {
            insertPathway.bind(1, position)
            try insertPathway.bind(2, stream)
            insertPathway.bind(3, reference.visit.authority)
            insertPathway.bind(4, reference.visit.value)
            try insertPathway.run()
            insertFirstOwner.bind(1, position)
            try insertFirstOwner.bind(2, stream)
            try insertFirstOwner.bind(3, StreamID(hex: reference.patientStream))
            try insertFirstOwner.run()
        }
        known.put(true, for: stream)
    }

    private func add(_ plan: PlannedFollowUp, at place: Int64, _ opened: OpenedEvent) throws {
        insertFollowUp.bind(1, opened.position * Self.followUpsPerEvent + place)
        insertFollowUp.bind(2, plan.id)
        try insertFollowUp.bind(3, opened.stream)
        insertFollowUp.bind(4, plan.title)
        try insertFollowUp.run()
    }
}
