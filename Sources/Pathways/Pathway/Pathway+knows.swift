extension Pathway {
    /// Whether a movement of that id was stated and recorded, cancelled since or not. Held orphans do not count.
    public func knows(_ movement: MovementID) -> Bool { history.movement(movement) != nil }

    /// Whether a report waits here: for its parent, or because it names another patient.
    public func holds(_ report: VisitReport) -> Bool {
        history.isHeld(report) || claims.contains { $0.report.isSame(as: report) }
    }

    /// Whether all that a report of a movement says is what is known already, whoever said it and when; also of one that was taken back. For
    /// people, who type again what they do not see; between messages of a feed the order of statements decides.
    public func agrees(with report: VisitReport) -> Bool {
        guard case .movement(let kind, let movement, let mode) = report, let known = history.movement(movement.id) else { return false }
        return known.agrees(with: StatedMovement.Version(kind, movement, mode, isCorrection: false))
    }
}
