import Timekeeping

extension Pathway {
    /// What a hospital's report makes happen, orphans included: a report whose parent is unknown is held, and applied with its parent.
    func decide(_ report: VisitReport, _ reference: PathwayReference) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        if let known = self.reference, known.patient != reference.patient {
            throw Rejection(.visitOfAnotherPatient, "this visit is known for another patient (A44 moves a visit)")
        }
        guard let first = try event(for: report, reference) else { return [] }
        var working = self
        var events = [first]
        working.evolve(with: first)
        while let orphan = working.history.releasable, let event = try? working.event(for: orphan, reference) {
            events.append(event)
            working.evolve(with: event)
        }
        return events
    }

    /// Nil when it adds nothing to what is known.
    private func event(for report: VisitReport, _ reference: PathwayReference) throws(Rejection) -> PathwayEvent? {
        switch report {
        case .movement(let kind, let movement, let mode):
            if let entry = history.entry(movement.id) {
                guard entry.kind == kind, entry.movement.effectiveAt == movement.effectiveAt else { throw reused(movement.id) }
                let completed = entry.movement.completed(by: movement)
                if entry.isCancelled || (completed.saysTheSame(as: entry.movement) && (mode ?? entry.mode) == entry.mode) { return nil }
                return Self.event(kind, reference, completed, mode: mode ?? entry.mode)
            }
            try checkHeld(report)
            if !kind.beginsVisit && !history.hasBegun { return hold(report, reference) }
            return Self.event(kind, reference, movement, mode: mode)
        case .cancellation(let id, let kind, let statement):
            guard let entry = history.entry(id) else { return hold(report, reference) }
            guard entry.kind == kind || (kind == .admission && entry.kind == .emergencyVisit) else { throw reused(id) }
            if entry.isCancelled { return nil }
            return .movementCancelled(MovementCancelled(pathway: reference, movement: id, kind: entry.kind, statement: statement))
        }
    }

    private func hold(_ report: VisitReport, _ reference: PathwayReference) -> PathwayEvent? {
        history.held.contains(report) ? nil : .movementHeld(MovementHeld(pathway: reference, report: report))
    }

    /// Two orphans cannot share a movement id and tell of different movements.
    private func checkHeld(_ report: VisitReport) throws(Rejection) {
        guard case .movement(let kind, let movement, _) = report else { return }
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
        case .transfer: .patientTransferred(PatientTransferred(pathway: reference, movement: movement))
        case .discharge:
            .patientDischarged(
                PatientDischarged(pathway: reference, movement: movement, mode: mode ?? DischargeMode(destination: .unknown))
            )
        }
    }
}

extension VisitHistory {
    /// The first held report whose parent is known now, in the order of the bedside.
    var releasable: VisitReport? {
        let ready = held.filter { report in
            switch report {
            case .movement: hasBegun
            case .cancellation(let id, _, _): entry(id) != nil
            }
        }
        return ready.min { Self.order($0) < Self.order($1) }
    }

    /// Movements before cancellations, each by time and id.
    private static func order(_ report: VisitReport) -> (Int, Int64, MovementID) {
        switch report {
        case .movement(_, let movement, _): (0, movement.effectiveAt.millisecondsSinceEpoch, movement.id)
        case .cancellation(let id, _, let statement): (1, statement.recordedAt.millisecondsSinceEpoch, id)
        }
    }
}
