import EventStore
import Pathways

/// Folds events into the index of timelines.
final class TimelineWriter: ProjectionWriter {
    private let insertEvent: ViewStatement
    private let insertPathway: ViewStatement
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
            INSERT INTO \(tables["timeline_pathway"])(from_position, stream, authority, visit, patient) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (stream) DO NOTHING
            """
        )
        insertFollowUp = try tables.statement(
            "INSERT INTO \(tables["timeline_follow_up"])(number, id, stream, title) VALUES (?1, ?2, ?3, ?4)"
        )
        erasures = try [
            // Messages in a pathway's story are the sender's: they go with their own subject.
            "DELETE FROM \(event) WHERE stream = ?1 AND is_message = 0",
            "DELETE FROM \(event) WHERE subject = ?1",
            "DELETE FROM \(tables["timeline_pathway"]) WHERE stream = ?1",
            "DELETE FROM \(tables["timeline_follow_up"]) WHERE stream = ?1",
        ].map { try tables.statement($0) }
    }

    func forget() {
        known.removeAll()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified, .identityCorrected, .oppositionRecorded, .oppositionLifted:
            try add(opened, to: opened.stream)
        case .messageReceived(let body):
            // A message that speaks of no visit (ignored, quarantined, identity alone) stands in no pathway's story.
            guard let pathway = body.pathwayStream else { return }
            guard let stream = StreamID(hex: pathway) else { throw UnreadableEvent(problem: "names a pathway that is no stream id") }
            try add(opened, to: stream, isMessage: true, subject: body.subject.flatMap { StreamID(hex: $0) })
        case .pathway(let event):
            if case .followUpsPlanned(let body) = event, body.followUps.count > Self.followUpsPerEvent {
                throw UnreadableEvent(problem: "plans more than 4096 follow-ups")
            }
            try add(opened, to: opened.stream)
            if let reference = event.reference { try add(reference, opened.stream, opened.position) }
            if case .followUpsPlanned(let body) = event {
                for (place, plan) in body.followUps.enumerated() { try add(plan, at: Int64(place), opened) }
            }
        case .commandKeyReused, .territoryPublished, .protocolPublished, .streamErased, .patientErased, .parkingDiscarded:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        for statement in erasures {
            statement.bind(1, stream)
            try statement.run()
        }
        _ = known.take(stream)
    }

    private func add(_ opened: OpenedEvent, to stream: StreamID, isMessage: Bool = false, subject: StreamID? = nil) throws {
        insertEvent.bind(1, opened.position)
        insertEvent.bind(2, stream)
        insertEvent.bind(3, isMessage ? 1 : 0)
        insertEvent.bind(4, subject)
        try insertEvent.run()
    }

    private func add(_ reference: PathwayReference, _ stream: StreamID, _ position: Int64) throws {
        if known.take(stream) == nil {
            insertPathway.bind(1, position)
            insertPathway.bind(2, stream)
            insertPathway.bind(3, reference.visit.authority)
            insertPathway.bind(4, reference.visit.value)
            insertPathway.bind(5, StreamID(hex: reference.patientStream))
            try insertPathway.run()
        }
        known.put(true, for: stream)
    }

    private func add(_ plan: PlannedFollowUp, at place: Int64, _ opened: OpenedEvent) throws {
        insertFollowUp.bind(1, opened.position * Self.followUpsPerEvent + place)
        insertFollowUp.bind(2, plan.id)
        insertFollowUp.bind(3, opened.stream)
        insertFollowUp.bind(4, plan.title)
        try insertFollowUp.run()
    }
}

extension PathwayEvent {
    /// The visit that the event itself names.
    var reference: PathwayReference? {
        switch self {
        case .stayPlanned(let body): body.pathway
        case .patientAdmitted(let body): body.pathway
        case .emergencyVisitRegistered(let body): body.pathway
        case .patientTransferred(let body): body.pathway
        case .patientDischarged(let body): body.pathway
        case .movementCancelled(let body): body.pathway
        case .movementHeld(let body): body.pathway
        case .pathwayTakenOver(let body): body.pathway
        case .dischargePlanned, .homeReturnConfirmed, .protocolApplied, .followUpsPlanned, .offersMade, .followUpAccepted, .followUpDeclined,
            .followUpCompleted, .followUpNoted, .followUpsWithdrawn, .withdrawalAcknowledged, .entryRetracted, .pathwayHandedOver:
            nil
        }
    }
}
