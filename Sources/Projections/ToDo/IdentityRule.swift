import Pathways

/// Whether somebody who is asked sees who the patient is (CSP L1110-4: only those who take part in the care).
///
/// The patient's own professional, or the unit that discharges, does. Somebody asked because they cover the commune sees the commune,
/// the care and its window, and learns the name by accepting. That holds for the later waves of an assignment that began with the
/// patient's own professional too: behind the first of the order come those who cover the commune.
enum IdentityRule {
    static func isShown(to rpps: String, asked assignment: Assignment) -> Bool {
        switch assignment.basis {
        case .declared, .unit: rpps == assignment.order.first
        case .coverage, .none: false
        }
    }
}
