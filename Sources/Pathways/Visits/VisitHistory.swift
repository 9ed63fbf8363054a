/// The movements of one visit, folded in the order of the bedside, never of arrival (PAM France §5.3.7; I5): (ZBE-2, rank of the
/// trigger, ZBE-1). A cancellation holds whatever its arrival.
public struct VisitHistory: Hashable, Sendable {
    /// In the order of the bedside.
    public private(set) var movements: [StatedMovement] = []
    /// Reports whose parent is not known yet.
    public private(set) var held: [VisitReport] = []
    public private(set) var stay = Stay()

    func movement(_ id: MovementID) -> StatedMovement? { movements.first { $0.movement.id == id } }

    /// Whether a movement from which a visit can begin is known, cancelled or not.
    var hasBegun: Bool { movements.contains(where: \.beginsVisit) }

    /// Whether anything was recorded that does not wait: then it is known whose visit it is.
    var isOwned: Bool { !movements.isEmpty }

    /// Whether what a movement of this kind must follow is known, cancelled or not: anything that begins a visit, or the patient's being in.
    func hasParent(of kind: MovementKind) -> Bool {
        if kind.beginsVisit { return true }
        return kind.followsAdmission ? movements.contains(where: \.admits) : hasBegun
    }

    /// Whether any discharge was ever stated to be a death, even if that was taken back since.
    public var mentionsDeath: Bool {
        heldDeath || movements.contains { $0.versions.contains { $0.mode?.destination == .death } }
    }

    /// A death is one although its visit has not begun here yet; unless that discharge is taken back as well.
    var heldDeath: Bool {
        held.contains { report in
            guard case .movement(_, let movement, let mode) = report, mode?.destination == .death else { return false }
            return !held.contains { if case .cancellation(movement.id, _, _) = $0 { true } else { false } }
        }
    }

    mutating func record(_ report: VisitReport) {
        switch report {
        case .movement(let kind, let movement, let mode):
            state(StatedMovement.Version(kind, movement, mode, isCorrection: false))
        case .correction(let kind, let movement, let mode):
            state(StatedMovement.Version(kind, movement, mode, isCorrection: true))
        case .cancellation(let id, _, let statement):
            guard let index = movements.firstIndex(where: { $0.movement.id == id }) else { break }
            movements[index].cancel(statement)
            refold()
        }
        release(report)
    }

    mutating func hold(_ report: VisitReport) {
        if !isHeld(report) { held.append(report) }
    }

    /// Lets go of what waits.
    mutating func release() { held = [] }

    func isHeld(_ report: VisitReport) -> Bool { held.contains { $0.isSame(as: report) } }

    private mutating func state(_ version: StatedMovement.Version) {
        var stated: StatedMovement
        if let index = movements.firstIndex(where: { $0.movement.id == version.movement.id }) {
            stated = movements.remove(at: index)
            stated.state(version)
        } else {
            stated = StatedMovement(version)
            // What a feed in good order says is the end of the story so far: nothing before it need be told again.
            if let last = movements.last, StatedMovement.isBefore(last, stated) {
                movements.append(stated)
                stay.apply(stated)
                return
            }
        }
        let index = movements.firstIndex { StatedMovement.isBefore(stated, $0) } ?? movements.endIndex
        movements.insert(stated, at: index)
        refold()
    }

    /// Later cancellations of a movement that is taken back have nothing to wait for.
    private mutating func release(_ report: VisitReport) {
        held.removeAll { waiting in
            if case .cancellation(let id, _, let statement) = report, case .cancellation(id, _, let other) = waiting { return other >= statement }
            return waiting.isSame(as: report)
        }
    }

    private mutating func refold() {
        stay = Stay(story: movements)
    }
}
