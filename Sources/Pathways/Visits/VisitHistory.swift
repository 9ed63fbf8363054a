/// The movements of one visit, folded in the order of the bedside, never of arrival (PAM France §5.3.7; I5): (ZBE-2, rank of the
/// trigger, ZBE-1). A cancellation holds whatever its arrival.
public struct VisitHistory: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var kind: MovementKind
        var movement: Movement
        var mode: DischargeMode?
        /// Who took it back, and when; nil as long as it stands.
        var cancellation: Statement?
        var isCancelled: Bool { cancellation != nil }
    }

    private(set) var entries: [Entry] = []
    /// Reports whose parent is not known yet.
    public private(set) var held: [VisitReport] = []
    public private(set) var stay = Stay()

    func entry(_ id: MovementID) -> Entry? { entries.first { $0.movement.id == id } }

    /// Whether a movement from which a visit can begin is known, cancelled or not.
    var hasBegun: Bool { entries.contains { $0.kind.beginsVisit } }

    mutating func record(_ kind: MovementKind, _ movement: Movement, mode: DischargeMode?) {
        if let index = entries.firstIndex(where: { $0.movement.id == movement.id }) {
            entries[index].movement = entries[index].movement.completed(by: movement)
            entries[index].mode = mode ?? entries[index].mode
        } else {
            entries.append(Entry(kind: kind, movement: movement, mode: mode))
        }
        release(.movement(kind, movement, mode))
        refold()
    }

    mutating func cancel(_ id: MovementID, kind: MovementKind, statement: Statement) {
        if let index = entries.firstIndex(where: { $0.movement.id == id }) {
            entries[index].cancellation = entries[index].cancellation ?? statement
        }
        release(.cancellation(id, kind, statement))
        refold()
    }

    mutating func hold(_ report: VisitReport) {
        if !held.contains(report) { held.append(report) }
    }

    private mutating func release(_ report: VisitReport) {
        held.removeAll { $0 == report }
    }

    private mutating func refold() {
        let story = entries.filter { !$0.isCancelled }.sorted { left, right in
            (left.movement.effectiveAt, left.kind.rank, left.movement.id) < (right.movement.effectiveAt, right.kind.rank, right.movement.id)
        }
        stay = Stay(story: story, everBegun: !entries.isEmpty)
    }
}
