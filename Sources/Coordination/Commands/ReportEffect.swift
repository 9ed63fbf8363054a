public import EventStore
public import Pathways

/// What a hospital's report did to a visit: what the answer to its message depends on.
public struct ReportEffect: Sendable, Hashable {
    public let pathway: StreamID
    /// Nothing if all of it was known.
    public let events: [PathwayEvent]
    /// It waits: for its parent, or for a dossier to be moved to the patient whom it names.
    public let isHeld: Bool
    /// The same message said all of it before.
    public var isRepeated: Bool { events.isEmpty }
    /// A discharge that it states, corrects or releases lies before the admission.
    public let dischargesBeforeAdmission: Bool
    /// It states a movement again that was known: PAM France §5.3.1 allows several messages for one.
    public let completesMovement: Bool

    init(of report: VisitReport, on stream: StreamID, events: [PathwayEvent], before: Pathway, after: Pathway) {
        pathway = stream
        self.events = events
        isHeld = after.holds(report)
        if case .movement(_, let movement, _) = report { completesMovement = before.knows(movement.id) } else { completesMovement = false }
        dischargesBeforeAdmission = Self.dischargesBeforeAdmission(events, after)
    }

    private static func dischargesBeforeAdmission(_ events: [PathwayEvent], _ after: Pathway) -> Bool {
        guard let admittedAt = after.stay.admittedAt else { return false }
        return events.contains { event in
            switch event {
            case .patientDischarged(let body): body.movement.effectiveAt < admittedAt
            case .movementCorrected(let body): body.kind == .discharge && body.movement.effectiveAt < admittedAt
            default: false
            }
        }
    }
}
