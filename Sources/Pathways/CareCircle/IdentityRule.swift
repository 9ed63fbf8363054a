/// Whether somebody who is asked sees who the patient is (CSP L1110-4: only those who take part in the care).
///
/// The patient's own professional, the unit that discharges, or whoever takes part in this pathway already does: those whom the order asks
/// alone. Somebody asked because they cover the commune, or with their team, sees the commune, the care and its window, and learns the name
/// by accepting. That holds for the later waves of an assignment that began with the patient's own professional too.
public enum IdentityRule {
    public static func isShown(to addressee: String, asked assignment: Assignment) -> Bool {
        guard case .professional(let rpps) = Addressee(rawValue: addressee) else { return false }
        return switch assignment.basis {
        case .declared, .unit, .circle: assignment.order.prefix(max(assignment.alone, 0)).contains(rpps)
        case .coverage, .none: false
        }
    }
}
