import HL7v2
import Pathways
import Timekeeping

/// ZBE → the movement (PAM France §6.13). A segment that looks shifted is refused with the reason, never guessed.
struct MovementReader {
    private static let actions = ["INSERT", "UPDATE", "CANCEL"]

    /// What ZBE says once nothing required is missing.
    struct Content {
        let number: String
        /// Of the number.
        let authority: String?
        let effectiveAt: Instant
        let isHistoric: Bool
    }

    let trigger: ADTTrigger
    let clock: SenderClock

    func read(_ segment: Segment?, _ findings: inout Findings) -> Content? {
        guard let segment else {
            findings.fail(.requiredFieldMissing, at: Location(.zbe), "the segment of the movement is missing")
            return nil
        }
        let identifier = EI(segment.field(1).repetition(1))
        let number = identifier.id.text
        if number == nil { findings.fail(.requiredFieldMissing, at: .movementIdentifier, "the identifier of the movement is missing") }
        let effectiveAt = effectiveTime(segment.field(2), &findings)
        if !segment.field(3).isEmpty { findings.warn(.zbe3Valued, at: "ZBE-3") }
        let isShifted = checkAction(segment, &findings)
        if !isShifted { checkOriginalTrigger(segment.field(6), &findings) }
        let isHistoric = isShifted ? false : historic(segment.field(5), &findings)
        guard let number, let effectiveAt else { return nil }
        return Content(number: number, authority: identifier.authority.authority, effectiveAt: effectiveAt, isHistoric: isHistoric)
    }

    /// ZBE-7, else ZBE-8, else the lodging unit in PV1-3. Units are numbered by `authority` where the field does not say.
    static func unit(zbe: Segment?, pv1: Segment?, authority: String) -> MedicalUnitReference? {
        for field in [7, 8] {
            guard let zbe else { break }
            let unit = XON(zbe.field(field).repetition(1))
            if let code = unit.identifier.text {
                return MedicalUnitReference(code: code, label: unit.name.text, authority: unit.authority.authority ?? authority)
            }
        }
        guard let pv1 else { return nil }
        let place = PL(pv1.field(3).repetition(1))
        guard let code = place.pointOfCare.text else { return nil }
        return MedicalUnitReference(code: code, authority: place.facility.authority ?? authority)
    }

    private func effectiveTime(_ field: Field, _ findings: inout Findings) -> Instant? {
        guard field.text != nil else {
            findings.fail(.requiredFieldMissing, at: .movementTime, "the time of the movement is missing")
            return nil
        }
        guard let instant = clock.instant(field, at: "ZBE-2", &findings) else {
            findings.fail(.dataType, at: .movementTime, "expected YYYYMMDD[HHMM[SS]][±ZZZZ], a day or more precise")
            return nil
        }
        return instant
    }

    /// - Returns: whether the fields from ZBE-4 on stand one place too far.
    private func checkAction(_ segment: Segment, _ findings: inout Findings) -> Bool {
        let expected: String
        switch trigger.meaning {
        case .cancellation: expected = "CANCEL"
        case .movement, .identity: expected = "INSERT"
        }
        guard let action = segment.field(4).text else {
            let isShifted = segment.field(5).text.map(Self.actions.contains) ?? false
            let reason =
                isShifted
                ? "ZBE-4 is empty and ZBE-5 holds its value: the segment looks shifted by one field (is ZBE-3 filled by mistake?)"
                : "the action is missing: \(expected) is expected"
            findings.fail(.requiredFieldMissing, at: .movementAction, reason)
            return isShifted
        }
        if !Self.actions.contains(action) {
            findings.fail(.tableValueNotFound, at: .movementAction, "expected INSERT, UPDATE or CANCEL")
        } else if action != expected {
            findings.fail(.tableValueNotFound, at: .movementAction, "\(expected) is expected with \(trigger.rawValue)")
        }
        return false
    }

    /// ZBE-6 says what is cancelled; where it does not, the trigger does.
    private func checkOriginalTrigger(_ field: Field, _ findings: inout Findings) {
        guard case .cancellation = trigger.meaning else { return }
        guard let original = field.text else {
            findings.warn(.zbe6Derived, at: "ZBE-6")
            return
        }
        if !trigger.cancelled.contains(original) { findings.warn(.codeOutsideTable, at: "ZBE-6") }
    }

    private func historic(_ field: Field, _ findings: inout Findings) -> Bool {
        switch field.text {
        case "Y": return true
        case "N", nil: return false
        default:
            findings.warn(.codeOutsideTable, at: "ZBE-5")
            return false
        }
    }
}
