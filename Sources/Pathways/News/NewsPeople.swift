import Timekeeping

/// Who stands behind the words of the table, by the directory as it was when the event was recorded.
struct NewsPeople {
    private let happening: Happening
    private let territory: Territory?
    private let protocols: ProtocolLibrary

    init(_ happening: Happening, _ state: TerritoryState) {
        self.happening = happening
        territory = state.territory
        protocols = state.protocols
    }

    /// RPPS of those a row tells, the same ones always in the same order, and whether they may read the name. Whoever stands in for somebody
    /// who is away is told too, after them.
    func audience(of row: NewsRow, _ matter: NewsMatter) -> [(rpps: String, isNamed: Bool)] {
        var told: [(rpps: String, isNamed: Bool)] = []
        for rpps in people(row, matter) where concerns(rpps, row, matter) && !told.contains(where: { $0.rpps == rpps }) {
            let isNamed = row.to == .asked ? matter.isNamed : mayRead(rpps)
            told.append((rpps, isNamed))
        }
        for (rpps, isNamed) in told {
            for substitute in substitutes(of: rpps) where substitute != happening.actor && !told.contains(where: { $0.rpps == substitute }) {
                told.append((substitute, isNamed))
            }
        }
        return told
    }

    private func concerns(_ rpps: String, _ row: NewsRow, _ matter: NewsMatter) -> Bool {
        guard rpps != happening.actor, matter.only?.contains(rpps) != false else { return false }
        if row.unlessAskedFor.isEmpty { return true }
        return !hearsAnyway(rpps, row.unlessAskedFor, matter)
    }

    private func people(_ row: NewsRow, _ matter: NewsMatter) -> [String] {
        switch row.to {
        case .asked: matter.asked.flatMap(present)
        case .told: matter.told.isEmpty && happening.name == "follow-up-escalated" ? referent : matter.told + members(ofTeams: matter.teams)
        // What is taken back may take the word with it that declared them.
        case .circle: circle(row.roles, of: row.onlyAfter.isEmpty ? [happening.after] : [happening.after, happening.before])
        case .owner: matter.followUp.map { $0.acceptedBy.map { [$0] } ?? referent } ?? []
        case .referent: referent
        case .dischargingUnit: unit.map { [$0] } ?? referent
        case .reporter: [matter.reporter].compactMap { $0 }
        case .involved:
            circle(nil, of: [happening.after, happening.before]) + happening.after.followUps.flatMap(\.pendingOffers).flatMap { present($0.to) }
        }
    }

    // MARK: - Audiences

    private var referent: [String] { [territory?.referent.rpps.value].compactMap { $0 } }

    private var unit: String? {
        guard let unit = happening.after.stay.unit, let authority = unit.authority else { return nil }
        return territory?.unit(code: unit.code, authority: authority)?.contact?.value
    }

    /// Whom the directory does not hold cannot be told; that the patient's own professional is not in it is said when a follow-up asks for
    /// them.
    private func circle(_ roles: Set<CareRole>?, of states: [Pathway]) -> [String] {
        let people = states.flatMap { pathway in
            pathway.stay.declared.filter { roles?.contains($0.role) ?? true }.map(\.rpps)
                + pathway.followUps.filter { roles?.contains($0.plan.role) ?? true }.compactMap(\.acceptedBy)
        }
        return people.filter { professional($0) != nil }
    }

    /// The person, or the members of a team who are there.
    private func present(_ addressee: String) -> [String] {
        switch Addressee(rawValue: addressee) {
        case .professional(let rpps): [rpps]
        case .team(let id): members(of: id).filter { territory?.isAbsent($0, at: happening.recordedAt) == false }.map(\.value)
        }
    }

    /// Of addressees, teams with all of their members, there or not; and who stands in for them.
    func everybody(of addressees: [String]) -> Set<String> {
        let people = addressees.flatMap { addressee -> [String] in
            switch Addressee(rawValue: addressee) {
            case .professional(let rpps): [rpps]
            case .team(let id): members(of: id).map(\.value)
            }
        }
        return Set(people + people.flatMap(substitutes))
    }

    /// Whoever is away now may have been there when it was asked; who has heard of the death hears of it once.
    private func members(ofTeams addressees: [String]) -> [String] {
        addressees.flatMap { addressee -> [String] in
            guard case .team(let id) = Addressee(rawValue: addressee) else { return [] }
            return members(of: id).map(\.value).filter { !happening.toldOfDeath.contains($0) }
        }
    }

    private func members(of team: String) -> [RPPS] {
        guard let team = territory?.teams.first(where: { $0.id == team }) else { return [] }
        return team.members.filter { territory?.professional($0)?.role == team.role }
    }

    /// Who stands in for somebody who is away, and for who is away in turn.
    private func substitutes(of rpps: String) -> [String] {
        var substitutes: [String] = []
        var absent = professional(rpps)
        while let substitute = absent?.absence(at: happening.recordedAt)?.replacement, substitute.value != rpps,
            !substitutes.contains(substitute.value)
        {
            substitutes.append(substitute.value)
            absent = territory?.professional(substitute)
        }
        return substitutes
    }

    private func professional(_ rpps: String) -> Professional? { (try? RPPS(rpps)).flatMap { territory?.professional($0) } }

    private func mayRead(_ rpps: String) -> Bool { rpps == unit || referent.contains(rpps) || happening.mayRead(rpps) }

    // MARK: - Who hears anyway

    /// Whether a follow-up of one of these triggers tells them: one that they have or are asked for, or one that is going to be planned because
    /// of this very event and for which they come first. What is wrong here is told twice or by the planner alone, never to nobody: who is
    /// merely one of many is not counted on.
    private func hearsAnyway(_ rpps: String, _ triggers: Set<RuleTrigger>, _ matter: NewsMatter) -> Bool {
        let own = happening.after.followUps.filter { triggers.contains($0.plan.trigger) }
        if own.contains(where: { $0.status.isPending && $0.concerned.contains(rpps) }) { return true }
        guard let anchor = matter.anchor else { return false }
        let known = own.filter { $0.plan.movement == anchor }
        if known.contains(where: { followUp in followUp.offers.contains { $0.to == rpps } || followUp.acceptedBy == rpps }) { return true }
        return expectedRoles(triggers, anchor, known).contains { isFirst(rpps, for: $0) }
    }

    /// The roles that rules in force are going to ask for.
    private func expectedRoles(_ triggers: Set<RuleTrigger>, _ anchor: MovementID, _ known: [FollowUp]) -> Set<CareRole> {
        let pathway = happening.after
        if pathway.refusesAll || pathway.closed != nil || happening.isOfTheDead { return [] }
        var roles: Set<CareRole> = []
        for occasion in pathway.occasions(under: protocols) where occasion.anchor == anchor && occasion.triggers.contains(where: triggers.contains) {
            let superseded = Set(occasion.protocols.flatMap { $0.rules.flatMap(\.supersedes) })
            for followUpProtocol in occasion.protocols {
                for rule in followUpProtocol.rules where triggers.contains(rule.trigger) && !(rule.books && pathway.prado != nil) {
                    let first = RuleReference(followUpProtocol: followUpProtocol.id, rule: rule.occurrences.first?.id ?? rule.id)
                    if superseded.contains(RuleReference(followUpProtocol: followUpProtocol.id, rule: rule.id)) { continue }
                    if !known.contains(where: { $0.plan.rule == first }) { roles.insert(rule.role) }
                }
            }
        }
        return roles
    }

    /// Whether they are asked first, and alone, for a role: the patient's own professional, or the unit's doctor, who is there.
    private func isFirst(_ rpps: String, for role: CareRole) -> Bool {
        if role == .dischargingUnit && unit == nil { return referent.contains(rpps) }
        let first = role == .dischargingUnit ? unit : happening.after.stay.declared.first { $0.role == role }?.rpps
        return first == rpps && professional(rpps).map { $0.absence(at: happening.recordedAt) == nil } ?? false
    }
}
