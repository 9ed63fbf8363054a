import Timekeeping

extension Pathway {
    /// Brings follow-ups and offers in line with the visit, the protocols in force and the clock: turns each deadline that has passed into its
    /// event, plans what is missing, withdraws what no longer stands (telling whom it concerned), holds what must wait while the patient is
    /// back in hospital, asks the next professionals where nobody is being asked.
    ///
    /// One function rather than a reaction per event, because facts come late, repeated and in any order: whatever the path, the same
    /// visit ends with the same open follow-ups (I5), and doing it twice changes nothing (I4).
    func reconcile(_ context: PlanningContext, under protocols: ProtocolLibrary) -> [PathwayEvent] {
        // Another territory plans for it now.
        if handedOver != nil { return [] }
        var working = self
        var events: [PathwayEvent] = []
        func happen(_ happened: [PathwayEvent]) {
            for event in happened { working.evolve(with: event) }
            events += happened
        }

        happen(passedDeadlines(context, fresh: []))
        let wanted = WantedFollowUps(of: working, context, under: protocols)
        happen(working.withdrawal(wanted, context))
        let planned = working.planning(wanted)
        happen(working.reopening(planned, context))
        if !planned.isEmpty { happen([.followUpsPlanned(FollowUpsPlanned(followUps: planned))]) }
        let resumed = working.waiting(wanted, context)
        happen(resumed.events)
        happen(working.offersToTheAbsent(context))
        happen(working.solicitation(context))
        // What is planned, or goes on, late is late at once.
        happen(working.passedDeadlines(context, fresh: Set(planned.map(\.id)).union(resumed.ids)))
        happen(working.closing(context, under: protocols))
        return events
    }

    // MARK: - Planning

    private func planning(_ wanted: WantedFollowUps) -> [PlannedFollowUp] { wanted.plans.filter { isToPlan($0) || isToReschedule($0) } }

    /// Never planned, or withdrawn since: what is wanted after all must not stay withdrawn because of the order in which facts came. What
    /// was settled by closing the pathway comes back only if it had been withdrawn for a reason that has gone.
    private func isToPlan(_ plan: PlannedFollowUp) -> Bool {
        // By its place: a copy of a follow-up costs more than the look at it.
        guard let index = place(of: plan.id) else { return !settled.contains(plan.movement) }
        guard followUps[index].status == .withdrawn else { return false }
        if !settled.contains(plan.movement) { return true }
        switch followUps[index].withdrawal {
        case .refused, .moved, .followedElsewhere: return false
        default: return true
        }
    }

    /// The hospital corrected the time of the discharge: the same follow-up is due at another time. What was decided under another version
    /// of the protocol stays as it was.
    private func isToReschedule(_ wanted: PlannedFollowUp) -> Bool {
        guard let index = place(of: wanted.id), followUps[index].status.isPending,
            followUps[index].plan.protocolVersion == wanted.protocolVersion
        else { return false }
        return followUps[index].plan.dueFrom != wanted.dueFrom || followUps[index].plan.dueBy != wanted.dueBy
    }

    private func reopening(_ planned: [PlannedFollowUp], _ context: PlanningContext) -> [PathwayEvent] {
        guard closed != nil, !planned.isEmpty || stay.isInHospital || stay.status == .preadmitted else { return [] }
        return [.pathwayReopened(PathwayReopened(at: context.now))]
    }

    // MARK: - Withdrawing

    /// A death is told to each person once, not once for each follow-up.
    private func withdrawal(_ wanted: WantedFollowUps, _ context: PlanningContext) -> [PathwayEvent] {
        var toldOfDeath = toldOfDeath.union(context.toldOfDeath)
        let withdrawals = followUps.filter { $0.status.isPending && !wanted.ids.contains($0.id) }.map { followUp in
            let reason = withdrawalReason(of: followUp, wanted, context)
            var told = followUp.concerned
            if reason == .deceased { told = told.filter { toldOfDeath.insert($0).inserted } }
            // Who was merely asked before the discharge is asked for what follows it, which tells them all.
            if reason == .discharged, followUp.acceptedBy == nil { told = [] }
            return FollowUpsWithdrawn.Withdrawal(followUp: followUp.id, reason: reason, told: told)
        }
        return withdrawals.isEmpty ? [] : [.followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: withdrawals))]
    }

    private func withdrawalReason(of followUp: FollowUp, _ wanted: WantedFollowUps, _ context: PlanningContext) -> WithdrawalReason {
        if context.patientIsDeceased || endedInDeath { return .deceased }
        if refuses(followUp.plan) { return .refused }
        if let objection = wanted.suppressed[followUp.id] { return objection }
        switch followUp.plan.trigger {
        case .discharge, .homeReturnMissing: return withdrawalReason(ofDischarge: followUp.plan.movement)
        case .prescriptionMissing: return obtainedPrescriptions.contains(followUp.plan.movement.value) ? .resolved : .superseded
        case .alertSign: return .superseded
        case .admission, .admissionPlanned, .dischargePlanned: return withdrawalReason(beforeDischarge: followUp.plan)
        }
    }

    private func withdrawalReason(ofDischarge discharge: MovementID) -> WithdrawalReason {
        switch stay.status {
        case .cancelled, .unknown, .preadmitted: return .admissionCancelled
        case .admitted, .onLeave: return history.movement(discharge)?.isCancelled != false ? .dischargeCancelled : .readmitted
        case .discharged:
            let isSuperseded = stay.discharge == discharge && stay.mode?.destination == .home && !stay.isEmergencyVisit
            return isSuperseded ? .superseded : .dischargeChanged
        }
    }

    private func withdrawalReason(beforeDischarge plan: PlannedFollowUp) -> WithdrawalReason {
        switch stay.status {
        case .discharged: return .discharged
        case .cancelled, .unknown: return .admissionCancelled
        case .preadmitted: return plan.trigger == .dischargePlanned ? .dischargeCancelled : .admissionCancelled
        case .admitted, .onLeave:
            // Known by another beginning now, or asked for no more by the protocol.
            if history.beginnings.first != plan.movement { return .superseded }
            switch plan.trigger {
            case .admissionPlanned: return .resolved
            case .dischargePlanned where plannedDischargeAt == nil: return .dischargeCancelled
            default: return .superseded
            }
        }
    }

    // MARK: - Waiting

    /// Holds what follows a discharge while the patient is in hospital again, whether for this visit or for another; lets it go on afterwards.
    private func waiting(_ wanted: WantedFollowUps, _ context: PlanningContext) -> (events: [PathwayEvent], ids: [String]) {
        let concerned = followUps.filter { $0.status.isPending && $0.plan.trigger.followsDischarge && wanted.ids.contains($0.id) }
        let backSince = history.dischargeInForce?.isBack == true ? stay.admittedAt : context.readmittedAt
        if let backSince {
            let held = concerned.filter { $0.status != .onHold }.map(\.id)
            let reviewAt = context.now.adding(minutes: HoldReview.everyMinutes)
            return (held.isEmpty ? [] : [.followUpsHeld(FollowUpsHeld(followUps: held, at: backSince, reviewAt: reviewAt))], [])
        }
        let resumed = concerned.filter { $0.status == .onHold }.map(\.id)
        return (resumed.isEmpty ? [] : [.followUpsResumed(FollowUpsResumed(followUps: resumed, at: context.now))], resumed)
    }
}
