import Timekeeping

extension Pathway {
    /// What a hospital's report makes happen, orphans included: a report whose parent is unknown is held, and applied with its parent. One
    /// that names another patient is held too: a dossier is moved (A44) by a message of its own, which may come later.
    func decide(_ report: VisitReport, _ reference: PathwayReference) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        if let known = self.reference, known.patient != reference.patient {
            if claims.contains(where: { $0.report.isSame(as: report) }) { return [] }
            // Who is admitted is the patient; what came before and named another waits.
            if !history.isOwned, case .movement(let kind, let movement, let mode) = report, kind.beginsVisit {
                return happening(Self.event(kind, reference, movement, mode: mode), reference)
            }
            return [.movementHeld(MovementHeld(pathway: reference, report: report))]
        }
        guard let first = try event(for: report, reference) else { return [] }
        return happening(first, reference)
    }

    /// Recorded of a pathway that another territory goes on with, too: whose it is counts for an erasure.
    func reassign(_ event: PathwayReassigned) -> [PathwayEvent] {
        reference?.patient == event.to.identifier ? [] : [.pathwayReassigned(event)]
    }

    /// One that contradicts what is known stays what it was: a claim that waits.
    func adopt(claimsOf patients: Set<LocalIdentifier>) -> [PathwayEvent] {
        guard handedOver == nil, let reference else { return [] }
        var working = self
        var events: [PathwayEvent] = []
        let adopted = claims.filter { patients.contains($0.pathway.patient) }.sorted { $0.report.statement < $1.report.statement }
        for claim in adopted {
            guard let first = try? working.event(for: claim.report, reference) else { continue }
            let happened = working.happening(first, reference)
            for event in happened { working.evolve(with: event) }
            events += happened
        }
        return events
    }

    /// An event, and those of the reports that waited for it.
    private func happening(_ first: PathwayEvent, _ reference: PathwayReference) -> [PathwayEvent] {
        var working = self
        var events = [first]
        working.evolve(with: first)
        var passedOver: [VisitReport] = []
        while let orphan = working.history.releasable(except: passedOver) {
            // One that contradicts its parent goes on waiting, and holds up no other.
            passedOver.append(orphan)
            guard let event = try? working.event(for: orphan, reference) else { continue }
            events.append(event)
            working.evolve(with: event)
        }
        return events
    }

    /// Nil when it adds nothing to what is known.
    private func event(for report: VisitReport, _ reference: PathwayReference) throws(Rejection) -> PathwayEvent? {
        switch report {
        case .movement(let kind, let movement, let mode):
            if let known = history.movement(movement.id) {
                if let first = known.insertion, first.kind != kind || first.movement.effectiveAt != movement.effectiveAt { throw reused(movement.id) }
                let version = StatedMovement.Version(kind, movement, mode, isCorrection: false)
                return known.adds(version) ? Self.event(kind, reference, movement, mode: mode) : nil
            }
            try checkHeld(kind, movement)
            if !history.hasParent(of: kind) { return hold(report, reference) }
            return Self.event(kind, reference, movement, mode: mode)
        case .correction(let kind, let movement, let mode):
            guard let known = history.movement(movement.id) else { return hold(report, reference) }
            // It says by ZBE-6 which kind of movement it means: the number alone does not make an admission of a discharge. What begins a
            // visit may turn out to be another beginning.
            if let first = known.insertion, first.kind != kind, !(first.kind.beginsVisit && kind.beginsVisit) { throw reused(movement.id) }
            let version = StatedMovement.Version(kind, movement, mode, isCorrection: true)
            guard known.adds(version) else { return nil }
            return .movementCorrected(MovementCorrected(pathway: reference, kind: kind, movement: movement, mode: mode))
        case .cancellation(let id, let kind, let statement):
            guard let known = history.movement(id) else { return hold(report, reference) }
            guard known.isMeant(by: kind) else { throw reused(id) }
            if let cancelled = known.cancellation, cancelled <= statement { return nil }
            return .movementCancelled(MovementCancelled(pathway: reference, movement: id, kind: known.kind, statement: statement))
        }
    }

    private func hold(_ report: VisitReport, _ reference: PathwayReference) -> PathwayEvent? {
        history.isHeld(report) ? nil : .movementHeld(MovementHeld(pathway: reference, report: report))
    }

    /// Two orphans cannot share a movement id and tell of different movements.
    private func checkHeld(_ kind: MovementKind, _ movement: Movement) throws(Rejection) {
        for case .movement(let heldKind, let held, _) in history.held where held.id == movement.id {
            if heldKind != kind || held.effectiveAt != movement.effectiveAt { throw reused(movement.id) }
        }
    }

    private func reused(_ id: MovementID) -> Rejection {
        Rejection(.movementKeyReused, "movement \(id.value) (ZBE-1) is known with another trigger or another time")
    }

    private static func event(_ kind: MovementKind, _ reference: PathwayReference, _ movement: Movement, mode: DischargeMode?) -> PathwayEvent {
        switch kind {
        case .preadmission: .stayPlanned(StayPlanned(pathway: reference, movement: movement))
        case .admission: .patientAdmitted(PatientAdmitted(pathway: reference, movement: movement))
        case .emergencyVisit: .emergencyVisitRegistered(EmergencyVisitRegistered(pathway: reference, movement: movement))
        case .admissionAnnouncement: .admissionAnnounced(AdmissionAnnounced(pathway: reference, movement: movement))
        case .classChange: .classChanged(ClassChanged(pathway: reference, movement: movement))
        case .transferAnnouncement: .transferAnnounced(TransferAnnounced(pathway: reference, movement: movement))
        case .attendingChange: .attendingChanged(AttendingChanged(pathway: reference, movement: movement))
        case .leave: .leaveStarted(LeaveStarted(pathway: reference, movement: movement))
        case .leaveReturn: .leaveEnded(LeaveEnded(pathway: reference, movement: movement))
        case .dischargeAnnouncement: .dischargeAnnounced(DischargeAnnounced(pathway: reference, movement: movement))
        case .transfer: .patientTransferred(PatientTransferred(pathway: reference, movement: movement))
        case .discharge: .patientDischarged(PatientDischarged(pathway: reference, movement: movement, mode: mode ?? .unstated))
        }
    }
}

extension VisitHistory {
    /// The first held report whose parent is known now: movements in the order of the bedside, then corrections, then cancellations, each
    /// in the order in which they were stated.
    func releasable(except passedOver: [VisitReport]) -> VisitReport? {
        let ready = held.filter { report in
            if passedOver.contains(where: { $0.isSame(as: report) }) { return false }
            return switch report {
            case .movement(let kind, _, _): hasParent(of: kind)
            case .correction, .cancellation: movement(report.movementID) != nil
            }
        }
        return ready.min { Self.rank($0) < Self.rank($1) }
    }

    private static func rank(_ report: VisitReport) -> (Int, Int64, Statement, MovementID) {
        switch report {
        case .movement(_, let movement, _): (0, movement.effectiveAt.millisecondsSinceEpoch, movement.statement, movement.id)
        case .correction(_, let movement, _): (1, 0, movement.statement, movement.id)
        case .cancellation(let id, _, let statement): (2, 0, statement, id)
        }
    }
}
