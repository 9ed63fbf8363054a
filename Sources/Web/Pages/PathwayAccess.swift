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
            guard let assignment = followUp.assignment, assignment.order.first == rpps,
                assignment.basis == .declared || assignment.basis == .unit
            else { return false }
            return followUp.pendingOffers.contains { $0.to == rpps }
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
