import Timekeeping

/// How many professionals are asked at a time.
///
/// The patient's own professional, and the discharging unit, are asked alone; then small waves in the published order, so that nobody
/// wins by the first click and nobody is flooded.
public enum SolicitationPolicy {
    /// - Parameter isFirst: whether it is the first one since the follow-up was planned.
    static func waveSize(isFirst: Bool, basis: Assignment.Basis) -> Int {
        switch basis {
        case .declared, .unit: isFirst ? 1 : 3
        case .coverage, .none: 3
        }
    }
}

extension Pathway {
    /// Brings follow-ups and offers in line with the visit and the protocols in force: plans what is missing, withdraws what no longer
    /// stands (telling whom it concerned), asks the next professionals where nobody is being asked.
    ///
    /// One function rather than a reaction per event, because facts come late, repeated and in any order: whatever the path, the same
    /// visit ends with the same open follow-ups (I5), and doing it twice changes nothing (I4).
    func reconcile(_ context: PlanningContext, under protocols: ProtocolLibrary) -> [PathwayEvent] {
        // Another territory plans for it now.
        if handedOver != nil { return [] }
        var working = self
        var events: [PathwayEvent] = []
        func happen(_ event: PathwayEvent) {
            working.evolve(with: event)
            events.append(event)
        }

        let wanted = wantedFollowUps(context, under: protocols)
        let wantedIDs = Set(wanted.map(\.id))
        let withdrawals = withdrawals(wanted: wanted, wantedIDs, context)
        if !withdrawals.isEmpty { happen(.followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: withdrawals))) }

        let missing = wanted.filter { isToPlan($0.id) || isToReschedule($0) }
        if !missing.isEmpty { happen(.followUpsPlanned(FollowUpsPlanned(followUps: missing))) }

        let solicitations = working.followUps.compactMap { Self.solicitation(for: $0, stay: stay, context) }
        if !solicitations.isEmpty {
            happen(.offersMade(OffersMade(at: context.now, solicitations: solicitations, directoryVersion: context.directoryVersion)))
        }
        return events
    }

    private func wantedFollowUps(_ context: PlanningContext, under protocols: ProtocolLibrary) -> [PlannedFollowUp] {
        guard !context.patientIsDeceased, stay.status == .discharged, !stay.isEmergencyVisit, let dischargedAt = stay.dischargedAt,
            let discharge = stay.discharge,
            let destination = stay.mode?.destination
        else { return [] }
        var inForce = protocols.applying(to: destination)
        if destination == .home {
            for applied in appliedProtocols {
                if let found = protocols[applied.id], !inForce.contains(where: { $0.id == found.id }) { inForce.append(found) }
            }
        }
        let superseded = Set(inForce.flatMap { $0.rules.flatMap(\.supersedes) })
        var wanted: [PlannedFollowUp] = []
        for followUpProtocol in inForce {
            for rule in followUpProtocol.rules {
                for occurrence in rule.occurrences {
                    let reference = RuleReference(followUpProtocol: followUpProtocol.id, rule: occurrence.id)
                    let general = RuleReference(followUpProtocol: followUpProtocol.id, rule: rule.id)
                    if superseded.contains(general) { continue }
                    let id = context.identify(reference, discharge)
                    let window = occurrence.window.resolve(discharge: dischargedAt, in: context.timeZone)
                    if rule.trigger == .homeReturnMissing, isToPlan(id) {
                        if status == .atHome || context.now < window.dueFrom { continue }
                    }
                    wanted.append(
                        PlannedFollowUp(
                            id: id,
                            rule: reference,
                            protocolVersion: followUpProtocol.version,
                            role: rule.role,
                            title: rule.title,
                            priority: rule.priority,
                            dueFrom: window.dueFrom,
                            dueBy: window.dueBy,
                            answerWithinMinutes: rule.answerWithinMinutes,
                            movement: discharge,
                            recordsHomeReturn: rule.recordsHomeReturn,
                            becauseHomeReturnMissing: rule.trigger == .homeReturnMissing
                        )
                    )
                }
            }
        }
        return wanted
    }

    /// Never planned, or withdrawn since: what is wanted after all must not stay withdrawn because of the order in which facts came.
    private func isToPlan(_ id: String) -> Bool {
        guard let followUp = followUp(id) else { return true }
        return followUp.status == .withdrawn
    }

    /// The hospital corrected the time of the discharge: the same follow-up is due at another time. What was decided under another version
    /// of the protocol stays as it was.
    private func isToReschedule(_ wanted: PlannedFollowUp) -> Bool {
        guard let followUp = followUp(wanted.id), followUp.status.isPending, followUp.plan.protocolVersion == wanted.protocolVersion else {
            return false
        }
        return followUp.plan.dueFrom != wanted.dueFrom || followUp.plan.dueBy != wanted.dueBy
    }

    /// A death is told to each person once, not once for each follow-up.
    private func withdrawals(
        wanted: [PlannedFollowUp],
        _ wantedIDs: Set<String>,
        _ context: PlanningContext
    ) -> [FollowUpsWithdrawn.Withdrawal] {
        var toldOfDeath = toldOfDeath.union(context.toldOfDeath)
        return followUps.filter { $0.status.isPending && !wantedIDs.contains($0.id) }.map { followUp in
            let reason = withdrawalReason(of: followUp, wanted: wanted, context)
            var told = followUp.concerned
            if reason == .deceased { told = told.filter { toldOfDeath.insert($0).inserted } }
            return .init(followUp: followUp.id, reason: reason, told: told)
        }
    }

    private func withdrawalReason(of followUp: FollowUp, wanted: [PlannedFollowUp], _ context: PlanningContext) -> WithdrawalReason {
        if context.patientIsDeceased || endedInDeath { return .deceased }
        switch stay.status {
        case .cancelled, .unknown, .preadmitted: return .admissionCancelled
        case .admitted, .onLeave: return history.movement(followUp.plan.movement)?.isCancelled != false ? .dischargeCancelled : .readmitted
        case .discharged:
            let isSuperseded = stay.discharge == followUp.plan.movement && !wanted.isEmpty && stay.mode?.destination == .home
            return isSuperseded ? .superseded : .dischargeChanged
        }
    }

    private static func solicitation(for followUp: FollowUp, stay: Stay, _ context: PlanningContext) -> OffersMade.Solicitation? {
        guard followUp.status == .open, followUp.pendingOffers.isEmpty else { return nil }
        var candidate = followUp
        let isFirst = followUp.assignment == nil
        if isFirst { candidate.assignment = context.assign(followUp.id, followUp.plan.role, stay) }
        guard let assignment = candidate.assignment else { return nil }
        let wave = (followUp.offers.map(\.wave).max() ?? 0) + 1
        let asked = candidate.nextCandidates(SolicitationPolicy.waveSize(isFirst: isFirst, basis: assignment.basis))
        guard isFirst || !asked.isEmpty else { return nil }
        let answer = context.now.adding(minutes: Int64(followUp.plan.answerWithinMinutes))
        let until = followUp.plan.dueBy > context.now ? min(answer, followUp.plan.dueBy) : answer
        return .init(followUp: followUp.id, wave: wave, to: asked, until: until, assignment: assignment)
    }
}
