import Foundation
import Pathways
import Timekeeping

/// Whom to ask for a role: the patient's own professional, else those who cover the commune in the published order, else nobody, and
/// then the référent-parcours owns the follow-up, for a reason that is written down.
struct Assigner: Sendable {
    /// Stable codes of `Assignment.reason`.
    enum Reason {
        static let referentRole = "referent-role"
        static let unitWithoutContact = "unit-without-contact"
        /// The patient's choice stands: nobody else is asked in place of a professional we cannot reach.
        static let declaredNotInDirectory = "declared-not-in-directory"
        static let declaredAbsent = "declared-absent"
        static let nobodyCovers = "nobody-covers-commune"
        static let addressMissing = "address-missing"
    }

    let territory: Territory
    let identity: PatientIdentity?
    let now: Instant

    func assign(_ followUp: String, _ role: CareRole, _ stay: Stay) -> Assignment {
        if role == .referent { return Assignment(basis: .none, order: [], reason: Reason.referentRole) }
        if role == .dischargingUnit { return unitContact(stay) }
        if let declared = stay.declared.first(where: { $0.role == role }) {
            guard let rpps = try? RPPS(declared.rpps), territory.professional(rpps) != nil else {
                return Assignment(basis: .none, order: [], reason: Reason.declaredNotInDirectory)
            }
            let others = coverage(followUp, role)
            if territory.isAbsent(rpps, at: now) {
                return Assignment(basis: others.basis, order: others.order, reason: Reason.declaredAbsent, commune: others.commune)
            }
            let order = [rpps.value] + others.order.filter { $0 != rpps.value }
            return Assignment(basis: .declared, order: order, commune: others.commune)
        }
        return coverage(followUp, role)
    }

    private func unitContact(_ stay: Stay) -> Assignment {
        guard let unit = stay.unit, let authority = unit.authority, let contact = territory.unit(code: unit.code, authority: authority)?.contact
        else {
            return Assignment(basis: .none, order: [], reason: Reason.unitWithoutContact)
        }
        return Assignment(basis: .unit, order: [contact.value])
    }

    private func coverage(_ followUp: String, _ role: CareRole) -> Assignment {
        guard let address = identity?.address else { return Assignment(basis: .none, order: [], reason: Reason.addressMissing) }
        switch territory.resolve(cog: address.cog, postalCode: address.postalCode, city: address.city) {
        case .resolved(let commune, _):
            let order = territory.candidates(for: role, in: commune.code, at: now, rotation: Array(followUp.utf8)).map(\.rpps.value)
            return Assignment(
                basis: order.isEmpty ? .none : .coverage,
                order: order,
                reason: order.isEmpty ? Reason.nobodyCovers : nil,
                commune: commune.code.value
            )
        case .outside(let reason), .unresolved(let reason):
            return Assignment(basis: .none, order: [], reason: reason.code)
        }
    }
}
