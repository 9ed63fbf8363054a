import Timekeeping

extension Pathway {
    /// What a hospital's report makes happen, orphans included: a report whose parent is unknown is held, and applied with its parent. One
    /// that is taken for another patient is held too: a dossier is moved (A44) by a message of its own, which may come later.
    func decide(_ report: VisitReport, _ reference: PathwayReference) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        if let known = self.reference, known.patient != reference.patient {
            if claims.contains(where: { $0.report.isSame(as: report) }) { return [] }
            return [.movementHeld(MovementHeld(pathway: reference, report: report))]
        }
        guard let first = try event(for: report, reference) else { return [] }
        return happening(first)
    }

    /// Recorded of a pathway that another territory goes on with, too: whose it is counts for an erasure.
    func reassign(_ event: PathwayReassigned) -> [PathwayEvent] {
        reference?.patient == event.to.identifier ? [] : [.pathwayReassigned(event)]
    }

    /// Takes in claims of this visit that are of its own patient after all. One that contradicts what is known stays what it was: a claim
    /// that waits.
    func adopt(_ adopted: [MovementHeld]) -> [PathwayEvent] {
        guard let reference else { return [] }
        var working = self
        var events: [PathwayEvent] = []
        for claim in adopted {
            let own = PathwayReference(visit: reference.visit, reference.owner, named: claim.pathway.teller)
            guard let first = try? working.event(for: claim.report, own) else { continue }
            let happened = working.happening(first)
            for event in happened { working.evolve(with: event) }
            events += happened
        }
        return events
    }

    /// An event, and those of the reports that waited for it.
    private func happening(_ first: PathwayEvent) -> [PathwayEvent] {
        var working = self
        var events = [first]
        working.evolve(with: first)
        guard let reference = working.reference else { return events }
        var passedOver: [VisitReport] = []
        while let orphan = working.history.releasable(except: passedOver) {
            // One that contradicts its parent goes on waiting, and holds up no other.
            passedOver.append(orphan)
            let own = PathwayReference(visit: reference.visit, reference.owner, named: working.history.name(of: orphan))
            guard let event = try? working.event(for: orphan, own) else { continue }
            events.append(event)
            working.evolve(with: event)
        }
        return events
    }

    /// Nil when it adds nothing to what is known.
    private func event(for report: VisitReport, _ reference: PathwayReference) throws(Rejection) -> PathwayEvent? {
        switch history.reception(of: report, named: name(in: reference)) {
        case .known: return nil
        case .waits: return .movementHeld(MovementHeld(pathway: reference, report: report))
        case .contradicts:
            throw Rejection(.movementKeyReused, "movement \(report.movementID.value) (ZBE-1) is known with another trigger or another time")
        case .news: break
        }
        switch report {
        case .movement(let kind, let movement, let mode):
            return Self.event(kind, reference, movement, mode: mode)
        case .correction(let kind, let movement, let mode):
            return .movementCorrected(MovementCorrected(pathway: reference, kind: kind, movement: movement, mode: mode))
        case .cancellation(let id, let kind, let statement):
            let known = history.movement(id)?.kind ?? kind
            return .movementCancelled(MovementCancelled(pathway: reference, movement: id, kind: known, statement: statement))
        }
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
