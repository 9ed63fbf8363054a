import HL7v2
import Pathways
import Timekeeping

/// A movement message → what it reports of its visit: the movement in ZBE, with what PV1, PV2, EVN, ROL and the Z segments say beside it.
struct VisitReader {
    let trigger: ADTTrigger
    let segments: ADTSegments
    let clock: SenderClock
    let profile: SiteProfile
    let statement: Statement

    func report(_ content: MovementReader.Content, _ reference: PathwayReference, isDeceased: Bool, _ findings: inout Findings) -> VisitReport {
        let id = id(content.number, reference)
        let patientClass = patientClass(content.action, &findings)
        guard content.action != .cancel else { return .cancellation(id, content.kind, statement) }
        let movement = Movement(
            id: id,
            otherIDs: others(content, reference),
            effectiveAt: content.effectiveAt,
            historic: content.isHistoric,
            unit: unit(authority: reference.visit.authority),
            declared: ProfessionalReader.declared(in: segments.message, &findings),
            patientClass: patientClass,
            chargeType: segments.pv1?.field(21).text,
            expectedAt: expected(content.kind, &findings),
            attending: segments.pv1.flatMap { ProfessionalReader.rpps(XCN($0.field(7).repetition(1))) }?.value,
            statement: statement
        )
        let mode = content.kind == .discharge ? dischargeMode(isDeceased: isDeceased, isCorrection: content.action == .update, &findings) : nil
        return content.action == .update ? .correction(content.kind, movement, mode) : .movement(content.kind, movement, mode)
    }

    /// The movement's numbers in other namespaces.
    func others(_ content: MovementReader.Content, _ reference: PathwayReference) -> [MovementID] {
        content.others.map { id($0, reference) }
    }

    /// Movement numbers are unique within a visit only: official samples reuse 312 from one visit to the next.
    private func id(_ number: MovementReader.Number, _ reference: PathwayReference) -> MovementID {
        MovementID(authority: "\(number.authority ?? reference.patient.authority)/\(reference.visit.value)", value: number.value)
    }

    /// ZBE-7, else ZBE-8, else the lodging unit in PV1-3. Units are numbered by `authority` where the field does not say.
    private func unit(authority: String) -> MedicalUnitReference? {
        let authorities = AuthorityNames(profile.authorities)
        if let zbe = segments.zbe {
            for field in 7...8 {
                let unit = XON(zbe.field(field).repetition(1))
                guard let code = unit.identifier.text else { continue }
                return MedicalUnitReference(code: code, label: unit.name.text, authority: authorities.name(unit.authority) ?? authority)
            }
        }
        guard let pv1 = segments.pv1 else { return nil }
        let place = PL(pv1.field(3).repetition(1))
        guard let code = place.pointOfCare.text else { return nil }
        return MedicalUnitReference(code: code, authority: authorities.name(place.facility) ?? authority)
    }

    /// PV1-2. A class that the trigger does not lead to (INSERT), or back to (CANCEL), is remarked and kept: it is what the sender says.
    private func patientClass(_ action: MovementReader.Action, _ findings: inout Findings) -> PatientClass? {
        let expected = action == .insert ? trigger.insertedClasses : action == .cancel ? trigger.restoredClasses : nil
        guard let code = segments.pv1?.field(2).text else {
            guard action == .insert, let implied = trigger.impliedClass else { return nil }
            findings.warn(.codeOutsideTable, at: "PV1-2")
            return implied
        }
        guard let found = PatientClass(rawValue: code) else {
            findings.warn(.codeOutsideTable, at: "PV1-2")
            return action == .insert ? trigger.impliedClass : nil
        }
        if let expected, !expected.contains(found) { findings.warn(.codeOutsideTable, at: "PV1-2") }
        return found
    }

    /// When what is announced is expected: EVN-3, else its place in PV2.
    private func expected(_ kind: MovementKind, _ findings: inout Findings) -> Instant? {
        func inPV2(_ number: Int) -> Instant? {
            segments.message.segment(.pv2).flatMap { clock.planned($0.field(number), at: "PV2-\(number)", &findings) }
        }
        func announced() -> Instant? { segments.evn.flatMap { clock.planned($0.field(3), at: "EVN-3", &findings) } }
        switch kind {
        case .admissionAnnouncement, .preadmission: return announced() ?? inPV2(8)
        case .dischargeAnnouncement: return announced() ?? inPV2(9)
        case .transferAnnouncement: return announced()
        case .leave: return inPV2(47)
        case .admission, .emergencyVisit, .classChange, .transfer, .attendingChange, .leaveReturn, .discharge: return nil
        }
    }

    /// Nil for a correction that says nothing of it: what was said stays.
    private func dischargeMode(isDeceased: Bool, isCorrection: Bool, _ findings: inout Findings) -> DischargeMode? {
        let codes = DischargeCodes(pv1: segments.pv1, zfm: segments.zfm, zfv: segments.message.segment(.zfv))
        if isCorrection, codes.isEmpty, !isDeceased { return nil }
        return DischargeRouting(siteDispositions: profile.dispositions).mode(codes, isDeceased: isDeceased, &findings)
    }
}
