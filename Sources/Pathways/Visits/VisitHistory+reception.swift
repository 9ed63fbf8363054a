import Timekeeping

extension VisitHistory {
    /// What a report is to what is known.
    enum Reception: Hashable, Sendable {
        case news
        /// It adds nothing.
        case known
        /// Its parent is not known yet.
        case waits
        /// Its movement (ZBE-1) is known as another one.
        case contradicts
    }

    /// - Parameter named: whom the report names; nil for the patient whose visit it is.
    func reception(of report: VisitReport, named: PatientLink?) -> Reception {
        switch report {
        case .movement(let kind, let movement, let mode):
            if let known = self.movement(numberedAs: movement) {
                if let first = known.insertion, first.kind != kind || first.movement.effectiveAt != movement.effectiveAt { return .contradicts }
                return known.adds(StatedMovement.Version(kind, movement, mode, isCorrection: false)) ? .news : .known
            }
            if contradictsHeld(kind, movement) { return .contradicts }
            return hasParent(of: kind) ? .news : waiting(report)
        case .correction(let kind, let movement, let mode):
            guard let known = self.movement(numberedAs: movement) else { return waiting(report) }
            // It says by ZBE-6 which kind of movement it means: the number alone does not make an admission of a discharge. What begins a
            // visit may turn out to be another beginning.
            if let first = known.insertion, first.kind != kind, !(first.kind.beginsVisit && kind.beginsVisit) { return .contradicts }
            return known.adds(StatedMovement.Version(kind, movement, mode, isCorrection: true)) ? .news : .known
        case .cancellation(let id, let kind, let statement):
            guard let known = movement(id) else { return waiting(report) }
            guard known.isMeant(by: kind) else { return .contradicts }
            return cancellations(of: id, saidBy: named).contains { $0 <= statement } ? .known : .news
        }
    }

    private func waiting(_ report: VisitReport) -> Reception { isHeld(report) ? .known : .waits }

    /// Two orphans cannot share a movement id and tell of different movements.
    private func contradictsHeld(_ kind: MovementKind, _ movement: Movement) -> Bool {
        held.contains { waiting in
            guard case .movement(let heldKind, let other, _) = waiting, other.id == movement.id else { return false }
            return heldKind != kind || other.effectiveAt != movement.effectiveAt
        }
    }

    /// The first held report whose parent is known now: movements in the order of the bedside, then corrections, then cancellations, each
    /// in the order in which they were stated.
    func releasable(except passedOver: [VisitReport]) -> VisitReport? {
        // Held in that order.
        held.first { report in
            if passedOver.contains(where: { $0.isSame(as: report) }) { return false }
            return switch report {
            case .movement(let kind, _, _): hasParent(of: kind)
            case .correction(_, let stated, _): movement(numberedAs: stated) != nil
            case .cancellation(let id, _, _): movement(id) != nil
            }
        }
    }

    static func rank(_ report: VisitReport) -> (Int, Int64, Statement, MovementID) {
        switch report {
        case .movement(_, let movement, _): (0, movement.effectiveAt.millisecondsSinceEpoch, movement.statement, movement.id)
        case .correction(_, let movement, _): (1, 0, movement.statement, movement.id)
        case .cancellation(let id, _, let statement): (2, 0, statement, id)
        }
    }
}
