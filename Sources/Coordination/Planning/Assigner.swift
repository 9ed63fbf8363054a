import Foundation
import Pathways
import Timekeeping

/// Whom to ask for a role: the patient's own professional, then whoever takes part in the pathway already (each replaced by who stands in for
/// them while they are away), then those who cover the commune in the published order; else nobody, and then the référent-parcours owns the follow-up, for a reason that is written down.
struct Assigner: Sendable {
    /// Stable codes of `Assignment.reason`.
    enum Reason {
        static let referentRole = "referent-role"
        static let unitWithoutContact = "unit-without-contact"
        /// The patient's choice stands: nobody else is asked in place of a professional we cannot reach.
        static let declaredNotInDirectory = "declared-not-in-directory"
        static let declaredAbsent = "declared-absent"
        static let nobodyCovers = "nobody-covers-commune"
        /// Those who cover the commune are all away.
        static let nobodyOnDuty = Assignment.nobodyOnDuty
        static let addressMissing = "address-missing"
    }

    let territory: Territory
    let identity: PatientIdentity?
    let now: Instant
    let loads: Loads

    /// Whether somebody can be asked now: who has left the directory cannot, nor who is away, nor a team of which everybody is.
    func isAvailable(_ addressee: Addressee) -> Bool {
        switch addressee {
        case .professional(let text): (try? RPPS(text)).map { territory.professional($0) != nil && !territory.isAbsent($0, at: now) } ?? false
        case .team(let id): territory.teams.first { $0.id == id }.map { !onDuty(of: $0).isEmpty } ?? false
        }
    }

    func assign(_ request: AssignmentRequest) -> Assignment {
        if request.role == .referent { return Assignment(basis: .none, order: [], reason: Reason.referentRole) }
        if request.role == .dischargingUnit { return unitContact(request.stay) }
        guard let declared = request.stay.declared.first(where: { $0.role == request.role })?.rpps else { return order([], nil, request) }
        guard let rpps = try? RPPS(declared), territory.professional(rpps) != nil else {
            return Assignment(basis: .none, order: [], reason: Reason.declaredNotInDirectory)
        }
        guard territory.isAbsent(rpps, at: now) else { return order([rpps.value], nil, request) }
        return order([replacement(of: rpps)?.value].compactMap { $0 }, Reason.declaredAbsent, request)
    }

    private func unitContact(_ stay: Stay) -> Assignment {
        guard let unit = stay.unit, let authority = unit.authority, let contact = territory.unit(code: unit.code, authority: authority)?.contact
        else {
            return Assignment(basis: .none, order: [], reason: Reason.unitWithoutContact)
        }
        return Assignment(basis: .unit, order: [(replacement(of: contact) ?? contact).value])
    }

    /// - Parameters:
    ///   - declared: the patient's own professional, or whoever stands in for them, or nobody.
    ///   - reason: why the patient's own professional is not asked.
    private func order(_ declared: [String], _ reason: String?, _ request: AssignmentRequest) -> Assignment {
        let circle = request.circle.compactMap { partaker($0, request.role) }.filter { !declared.contains($0) }
        let alone = declared + circle.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let coverage = coverage(request)
        let order = alone + coverage.ranked.map(\.who).filter { !alone.contains($0) }
        let basis: Assignment.Basis =
            if !declared.isEmpty { .declared } else if !alone.isEmpty { .circle } else if !order.isEmpty { .coverage } else { .none }
        return Assignment(
            basis: basis,
            order: order,
            alone: alone.count,
            reason: basis == .none ? coverage.reason ?? reason : reason,
            commune: coverage.commune,
            loads: coverage.ranked
        )
    }

    /// Whoever takes part, or who stands in for them; nil if they have left, or are away without a replacement.
    private func partaker(_ rpps: String, _ role: CareRole) -> String? {
        guard let rpps = try? RPPS(rpps), let professional = territory.professional(rpps), professional.role == role else { return nil }
        return territory.isAbsent(rpps, at: now) ? replacement(of: rpps)?.value : rpps.value
    }

    /// Who stands in now for somebody who is away, wherever they take patients themselves; nil if nobody of the same role does.
    private func replacement(of rpps: RPPS) -> RPPS? {
        guard let absent = territory.professional(rpps), let substitute = absent.absence(at: now)?.replacement,
            territory.professional(substitute)?.role == absent.role, !territory.isAbsent(substitute, at: now)
        else { return nil }
        return substitute
    }

    // MARK: - The published order

    /// Who covers the patient's commune, first to be asked first, with what each has in hand.
    private struct Coverage {
        var ranked: [CandidateLoad] = []
        /// Why there is nobody.
        var reason: String?
        var commune: String?
    }

    private func coverage(_ request: AssignmentRequest) -> Coverage {
        guard let address = identity?.address else { return Coverage(reason: Reason.addressMissing) }
        switch territory.resolve(cog: address.cog, postalCode: address.postalCode, city: address.city) {
        case .resolved(let commune, _): return coverage(of: commune.code, request)
        case .outside(let reason), .unresolved(let reason): return Coverage(reason: reason.code)
        }
    }

    private func coverage(of commune: CommuneCode, _ request: AssignmentRequest) -> Coverage {
        let seed = Array(request.followUp.utf8)
        let teams = territory.teams(for: request.role, in: commune)
        let inTeams = Set(teams.flatMap(\.members))
        let alone = territory.candidates(for: request.role, in: commune, at: now, rotation: seed).map(\.rpps).filter { !inTeams.contains($0) }
        let addressees: [(Addressee, inHand: Int)] =
            alone.map { (.professional($0.value), loads.inHand(of: $0.value)) }
            + teams.filter { !onDuty(of: $0).isEmpty }.map { (.team($0.id), loads.inHand(ofTeam: $0.members.map(\.value))) }
        let ranked = addressees.map { addressee, inHand in
            (load: inHand, rank: RotationOrder.rank(seed: seed, addressee: addressee), who: addressee.rawValue)
        }
        .sorted { $0 < $1 }
        guard ranked.isEmpty else {
            return Coverage(ranked: ranked.map { CandidateLoad(who: $0.who, inHand: $0.load) }, commune: commune.value)
        }
        let covers = !teams.isEmpty || territory.professionals.contains { $0.role == request.role && $0.communes.contains(commune) }
        return Coverage(reason: covers ? Reason.nobodyOnDuty : Reason.nobodyCovers, commune: commune.value)
    }

    /// The members of a team who hold its role and are not away.
    private func onDuty(of team: Team) -> [RPPS] {
        team.members.filter { territory.professional($0)?.role == team.role && !territory.isAbsent($0, at: now) }
    }
}
