public import Timekeeping

extension Territory {
    /// The professionals to whom a follow-up is offered, in the order in which it is.
    ///
    /// They are those of the role who cover the commune and are not away at the instant. Someone away is represented by their replacement, if
    /// that one has the role, is not away, and is not on the list already.
    ///
    /// The order favours nobody and anybody can recompute it: ascending by `RotationOrder.rank(seed:rpps:)`, then by RPPS. The same seed gives
    /// the same order for ever; another seed (another follow-up) an unrelated one, so that over many follow-ups each stands first equally often.
    ///
    /// - Parameter seed: bytes that name the follow-up, so that its order is fixed before it is known who stands where.
    public func candidates(for role: CareRole, in commune: CommuneCode, at instant: Instant, rotation seed: [UInt8]) -> [Candidate] {
        let covering = (index.coverage[TerritoryIndex.Coverage(role: role, commune: commune)] ?? []).map { professionals[$0] }
        var listed: Set<RPPS> = []
        var candidates: [Candidate] = []
        for professional in covering where professional.absence(at: instant) == nil && listed.insert(professional.rpps).inserted {
            candidates.append(candidate(professional.rpps, replacing: nil))
        }
        for professional in covering {
            guard let substitute = professional.absence(at: instant)?.replacement, self.professional(substitute)?.role == role,
                !isAbsent(substitute, at: instant), listed.insert(substitute).inserted
            else { continue }
            candidates.append(candidate(substitute, replacing: professional.rpps))
        }
        return
            candidates
            .map { (rank: RotationOrder.rank(seed: seed, rpps: $0.rpps), candidate: $0) }
            .sorted { ($0.rank, $0.candidate.rpps) < ($1.rank, $1.candidate.rpps) }
            .map(\.candidate)
    }

    private func candidate(_ rpps: RPPS, replacing absent: RPPS?) -> Candidate {
        Candidate(rpps: rpps, teams: index.teamsOfMember[rpps] ?? [], replacing: absent)
    }
}
