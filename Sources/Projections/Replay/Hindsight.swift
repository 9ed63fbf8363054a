import EventStore
import Pathways
import Timekeeping

/// What had happened by an instant, as it is known at the end of the story: a movement happened when its latest statement says, one that was
/// taken back never did, and who the patient is was always so.
struct Hindsight {
    private var movements: [MovementID: (effectiveAt: Instant, statement: Statement)] = [:]

    /// - Parameter events: of the whole story.
    init(_ events: [DomainEvent]) {
        for case .pathway(let event) in events {
            guard let movement = event.statedMovement else { continue }
            if let known = movements[movement.id], known.statement > movement.statement { continue }
            movements[movement.id] = (movement.effectiveAt, movement.statement)
        }
    }

    /// - Parameter decoded: nil for an event that was erased.
    func includes(_ event: RecordedEvent, _ decoded: DomainEvent?, by instant: Instant) -> Bool {
        switch decoded {
        case .pathway(.movementCancelled), .pathway(.pathwayReassigned), .patientsMerged, .mergeUndone: return true
        case .pathway(let body):
            guard let movement = body.statedMovement, let known = movements[movement.id] else { return event.time <= instant }
            return known.effectiveAt <= instant
        default: return event.time <= instant
        }
    }
}

extension PathwayEvent {
    /// The movement that the event states or corrects.
    fileprivate var statedMovement: Movement? {
        if case .movementCorrected(let body) = self { return body.movement }
        return insertedMovement
    }
}
