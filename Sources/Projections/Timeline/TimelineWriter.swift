import EventStore
import Pathways

/// Folds events into the index of timelines.
final class TimelineWriter: ProjectionWriter {
    private let insertEvent: ViewStatement
    private let insertPathway: ViewStatement
    private let insertFollowUp: ViewStatement
    /// Pathways that have their row.
    private var known = RecentCache<StreamID, Bool>(capacity: 8_192)

    init(_ tables: ViewTables) throws {
        insertEvent = try tables.statement("INSERT INTO \(tables["timeline_event"])(position, stream) VALUES (?1, ?2)")
        insertPathway = try tables.statement(
            """
            INSERT INTO \(tables["timeline_pathway"])(from_position, stream, authority, visit, patient) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (stream) DO NOTHING
            """
        )
        insertFollowUp = try tables.statement(
            """
            INSERT INTO \(tables["timeline_follow_up"])(number, id, stream, title)
            VALUES ((SELECT coalesce(max(number), 0) + 1 FROM \(tables["timeline_follow_up"])), ?1, ?2, ?3) ON CONFLICT (id) DO NOTHING
            """
        )
    }

    func forget() {
        known.removeAll()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified:
            try add(opened, to: opened.recorded.stream.bytes)
        case .messageReceived(let body):
            // A message that speaks of no visit (ignored, quarantined, identity alone) stands in no pathway's story.
            guard let pathway = body.pathwayStream else { return }
            guard let stream = StreamID(hex: pathway) else { throw UnreadableEvent(problem: "names a pathway that is no stream id") }
            try add(opened, to: stream.bytes)
        case .pathway(let event):
            let stream = opened.recorded.stream
            try add(opened, to: stream.bytes)
            if let reference = event.reference { try add(reference, stream, opened.position) }
            if case .followUpsPlanned(let body) = event {
                for plan in body.followUps { try add(plan, stream) }
            }
        case .commandKeyReused, .territoryPublished, .protocolPublished:
            break
        }
    }

    private func add(_ opened: OpenedEvent, to stream: [UInt8]) throws {
        insertEvent.bind(1, opened.position)
        insertEvent.bind(2, stream)
        try insertEvent.run()
    }

    private func add(_ reference: PathwayReference, _ stream: StreamID, _ position: Int64) throws {
        if known.take(stream) == nil {
            insertPathway.bind(1, position)
            insertPathway.bind(2, stream.bytes)
            insertPathway.bind(3, reference.visit.authority)
            insertPathway.bind(4, reference.visit.value)
            insertPathway.bind(5, StreamID(hex: reference.patientStream)?.bytes)
            try insertPathway.run()
        }
        known.put(true, for: stream)
    }

    private func add(_ plan: PlannedFollowUp, _ stream: StreamID) throws {
        insertFollowUp.bind(1, plan.id)
        insertFollowUp.bind(2, stream.bytes)
        insertFollowUp.bind(3, plan.title)
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
        case .dischargePlanned, .homeReturnConfirmed, .protocolApplied, .followUpsPlanned, .offersMade, .followUpAccepted, .followUpDeclined,
            .followUpCompleted, .followUpNoted, .followUpsWithdrawn, .withdrawalAcknowledged:
            nil
        }
    }
}
