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
    /// The visit tells of a discharge before its admission since this report, or again by a discharge that it states: such a discharge ends
    /// nothing, and somebody has to look.
    public let dischargesBeforeAdmission: Bool
    /// It states a movement again that was known: PAM France §5.3.1 allows several messages for one.
    public let completesMovement: Bool

    init(of report: VisitReport, on stream: StreamID, events: [PathwayEvent], before: Pathway, after: Pathway) {
        pathway = stream
        self.events = events
        isHeld = after.holds(report)
        if case .movement(_, let movement, _) = report { completesMovement = before.knows(movement.id) } else { completesMovement = false }
        let early = after.history.dischargesBeforeAdmission
        dischargesBeforeAdmission =
            !events.isEmpty && !early.isEmpty && (early.contains(report.movementID) || early != before.history.dischargesBeforeAdmission)
    }
}
