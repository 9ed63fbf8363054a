import Timekeeping

extension Pathway {
    /// Whether something may still have to be done for it here. A visit that is over with all of its follow-ups ended has nothing that
    /// another territory could go on with.
    public var isOpen: Bool {
        switch status {
        case nil, .preadmitted, .admitted, .onLeave: true
        case .discharged, .atHome: followUps.isEmpty || followUps.contains(where: \.status.isPending)
        case .cancelled, .deceased, .closed: false
        }
    }

    /// The commands that tell the same visit to another log, where it is called `reference`: what the hospital stated and whom it named, the
    /// protocols chosen and the home return, each with who said it and when. Nothing of the follow-ups: the other territory plans its own.
    ///
    /// - Parameter protocols: those of the other territory; one that it does not publish is left out.
    public func restated(as reference: PathwayReference, under protocols: ProtocolLibrary) -> [PathwayCommand] {
        var commands = history.reports.map { report in
            PathwayCommand.report(report, PathwayReference(visit: reference.visit, reference.owner, named: history.name(of: report)))
        }
        if stay.isInHospital || status == .preadmitted, let planned = plannedDischarge, let by = planned.by {
            commands.append(.planDischarge(at: planned.plannedAt, by: by))
        }
        commands += appliedProtocols.filter { protocols[$0.id] != nil }.map { .applyProtocol($0.id, by: $0.by) }
        if homeReturnedAt != nil, let homeReturn { commands.append(.confirmHomeReturn(homeReturn)) }
        return commands + restatedByPeople
    }

    /// What professionals said that still holds. Ids of follow-ups are this territory's own: nothing names them.
    private var restatedByPeople: [PathwayCommand] {
        var commands: [PathwayCommand] = prado.map { [.enrolInPrado(by: $0.by, at: $0.at)] } ?? []
        if let refusal = refusals.first(where: \.followUps.isEmpty) { commands.append(.refuseCare(followUps: [], by: refusal.by, at: refusal.at)) }
        let open = Set(followUps.filter(\.status.isPending).map(\.plan.movement))
        commands += alerts.filter { open.contains(.report($0.report)) }.map { alert in
            .reportAlert(
                AlertSignReported(report: alert.report, at: alert.at, by: alert.by, sign: alert.sign, called: alert.called, note: alert.note)
            )
        }
        commands += missingPrescriptions.filter { !obtainedPrescriptions.contains($0.report) }.map { missing in
            .reportPrescriptionMissing(PrescriptionMissing(report: missing.report, at: missing.at, by: missing.by, note: missing.note))
        }
        return commands
    }

    func takeOver(_ event: PathwayTakenOver) throws(Rejection) -> [PathwayEvent] {
        if let known = reference, known.patient != event.pathway.patient {
            throw Rejection(.visitOfAnotherPatient, "this visit is known here for another patient (A44 moves a visit)")
        }
        return event.number > handOverNumber ? [.pathwayTakenOver(event)] : []
    }

    func handOver(_ event: PathwayHandedOver) -> [PathwayEvent] {
        if handedOver != nil { return [] }
        let withdrawals = followUps.filter(\.status.isPending)
            .map { FollowUpsWithdrawn.Withdrawal(followUp: $0.id, reason: .moved, told: $0.concerned) }
        let withdrawn: [PathwayEvent] = withdrawals.isEmpty ? [] : [.followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: withdrawals))]
        return [.pathwayHandedOver(event)] + withdrawn
    }

    /// - Throws: `Rejection` if another territory goes on with this pathway.
    func checkIsHere() throws(Rejection) {
        guard let handedOver else { return }
        throw Rejection(.handedOver, "this pathway was handed over to territory \(handedOver.to), which goes on with it")
    }

    /// - Throws: `Rejection` if the pathway is closed.
    func checkIsNotClosed() throws(Rejection) {
        guard closed != nil else { return }
        throw Rejection(.pathwayClosed, "this pathway is closed; the référent-parcours can reopen it")
    }

    /// How often it had changed territory when it came here; 0 where it began. An erasure does not take it back.
    public var handOverNumber: Int { takenOver?.number ?? erasedHandOvers }
}

extension VisitHistory {
    /// All that was stated, one report for each message that said something of a movement, in an order in which none has to wait for its
    /// parent; then those that wait here too.
    var reports: [VisitReport] {
        let told = movements.filter(\.beginsVisit) + movements.filter { !$0.beginsVisit }
        let versions = told.flatMap(\.versions)
        let insertions = versions.filter { !$0.isCorrection }.map { VisitReport.movement($0.kind, $0.movement, $0.mode) }
        let corrections = versions.filter(\.isCorrection).map { VisitReport.correction($0.kind, $0.movement, $0.mode) }
        let cancellations = told.flatMap { stated in
            stated.cancellations.map { VisitReport.cancellation(stated.movement.id, stated.kind, $0) }
        }
        return insertions + corrections + cancellations + held
    }
}
