import Pathways

/// Who may see a pathway's page (CSP L1110-4): those who take part in this patient's care. Belonging to the territory is no reason.
enum PathwayAccess {
    /// - Parameters:
    ///   - pathway: as it stands now, whatever moment the page shows.
    ///   - unitContact: RPPS of whoever answers for the discharges of the patient's unit.
    static func isOpen(_ pathway: Pathway, to rpps: String, asReferent: Bool, unitContact: String?) -> Bool {
        if asReferent || unitContact == rpps { return true }
        if pathway.careCircle.contains(where: { $0.rpps == rpps }) { return true }
        return pathway.followUps.contains { followUp in
            guard let assignment = followUp.assignment, Self.isAskedAsTheirOwn(rpps, assignment) else { return false }
            return followUp.pendingOffers.contains { $0.to == rpps }
        }
    }

    /// Whether they are asked alone: as the patient's own professional, the unit's contact, or as one who follows the patient already. Who is
    /// asked because they cover the commune, or with their team, sees nothing before they accept.
    private static func isAskedAsTheirOwn(_ rpps: String, _ assignment: Assignment) -> Bool {
        switch assignment.basis {
        case .declared, .unit, .circle: assignment.order.prefix(max(assignment.alone, 0)).contains(rpps)
        case .coverage, .none: false
        }
    }

    /// The contact of the unit that the patient is in, or left.
    static func unitContact(of pathway: Pathway, in territory: Territory?) -> String? {
        unit(of: pathway, in: territory)?.contact?.value
    }

    static func unit(of pathway: Pathway, in territory: Territory?) -> MedicalUnit? {
        guard let unit = pathway.stay.unit, let authority = unit.authority ?? pathway.reference?.visit.authority else { return nil }
        return territory?.unit(code: unit.code, authority: authority)
    }
}
