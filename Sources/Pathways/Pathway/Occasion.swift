import Timekeeping

/// Something that happened, or is expected, of which rules make follow-ups.
struct Occasion {
    let triggers: [RuleTrigger]
    /// What the ids of its follow-ups hang on.
    let anchor: MovementID
    /// The instant that J0 stands for.
    let at: Instant
    let protocols: [FollowUpProtocol]
}

extension Pathway {
    /// All that rules can make follow-ups of now.
    func occasions(under protocols: ProtocolLibrary) -> [Occasion] {
        let discharge = dischargeOccasion(under: protocols)
        let usual = adding(appliedProtocols, to: protocols.applying(to: .home), from: protocols)
        return [discharge].compactMap { $0 } + stayOccasions(usual) + reportOccasions(discharge?.protocols ?? [], usual)
    }

    private func dischargeOccasion(under protocols: ProtocolLibrary) -> Occasion? {
        guard let stay = history.dischargeInForce?.stay, let at = stay.dischargedAt, let discharge = stay.discharge,
            let destination = stay.mode?.destination
        else { return nil }
        let own = protocols.applying(to: destination)
        let inForce = destination == .home ? adding(appliedProtocols, to: own, from: protocols) : own
        return Occasion(triggers: [.discharge, .homeReturnMissing], anchor: discharge, at: at, protocols: inForce)
    }

    /// Before the discharge: where the patient will go is not known, so that it is prepared as a return home. A series of sessions (class R)
    /// is prepared once, by those who care for the patient anyway.
    private func stayOccasions(_ protocols: [FollowUpProtocol]) -> [Occasion] {
        guard !stay.isEmergencyVisit, stay.patientClass != .recurring, let anchor = history.beginnings.first,
            stay.isInHospital || stay.status == .preadmitted
        else { return [] }
        var occasions: [Occasion] = []
        func add(_ trigger: RuleTrigger, _ at: Instant?) {
            guard let at else { return }
            occasions.append(Occasion(triggers: [trigger], anchor: anchor, at: at, protocols: protocols))
        }
        if stay.isInHospital { add(.admission, stay.admittedAt) } else { add(.admissionPlanned, stay.plannedAdmissionAt) }
        add(.dischargePlanned, expectedDischarge)
        return occasions
    }

    /// A word of the ward on an earlier stay of the visit says nothing of this one.
    var expectedDischarge: Instant? {
        [plannedDischarge?.plannedAt, stay.plannedDischargeAt].compactMap { $0 }.first { planned in
            stay.admittedAt.map { $0 <= planned } ?? true
        }
    }

    /// Wherever the patient is: what is reported asks for an answer.
    private func reportOccasions(_ own: [FollowUpProtocol], _ usual: [FollowUpProtocol]) -> [Occasion] {
        let protocols = own + usual.filter { protocolInForce in !own.contains { $0.id == protocolInForce.id } }
        let alerts = alerts.map { Occasion(triggers: [.alertSign], anchor: .report($0.report), at: $0.at, protocols: protocols) }
        let missing = missingPrescriptions.filter { !obtainedPrescriptions.contains($0.report) }.map {
            Occasion(triggers: [.prescriptionMissing], anchor: .report($0.report), at: $0.at, protocols: protocols)
        }
        return alerts + missing
    }

    private func adding(_ applied: [AppliedProtocol], to inForce: [FollowUpProtocol], from protocols: ProtocolLibrary) -> [FollowUpProtocol] {
        inForce + applied.compactMap { protocols[$0.id] }.filter { found in !inForce.contains { $0.id == found.id } }
    }
}
