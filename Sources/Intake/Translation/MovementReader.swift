import HL7v2
import Pathways
import Timekeeping

/// ZBE → which movement, and what is said of it (PAM France §6.13). A segment that looks shifted is refused with the reason, never guessed;
/// what is missing is derived only where the site profile allows it.
struct MovementReader {
    enum Action: String, CaseIterable {
        case insert = "INSERT"
        case update = "UPDATE"
        case cancel = "CANCEL"
    }

    /// One identifier of a movement (a repetition of ZBE-1).
    struct Number: Hashable {
        let value: String
        let authority: String?
    }

    /// The most numbers that are read of one movement.
    static let numberLimit = 8

    /// What ZBE says once nothing required is missing.
    struct Content {
        let action: Action
        let kind: MovementKind
        /// The sender's own, else the first.
        let number: Number
        /// Those of other namespaces.
        let others: [Number]
        let effectiveAt: Instant
        let isHistoric: Bool
    }

    let trigger: ADTTrigger
    let clock: SenderClock
    let authorities: AuthorityNames
    let isLenient: Bool

    func read(_ segments: ADTSegments, _ findings: inout Findings) -> Content? {
        guard segments.zbe != nil || isLenient else {
            findings.fail(.requiredFieldMissing, at: Location(.zbe), "the segment of the movement is missing")
            return nil
        }
        let zbe = segments.zbe
        let numbers = zbe.map { self.numbers($0, segments.header) } ?? []
        if numbers.isEmpty, !isLenient {
            findings.fail(.requiredFieldMissing, at: .movementIdentifier, "the identifier of the movement is missing")
        }
        if let zbe, !zbe.field(3).isEmpty { findings.warn(.zbe3Valued, at: "ZBE-3") }
        let action = readAction(zbe, &findings)
        let original = action.flatMap { readOriginal(zbe?.field(6), $0, segments.pv1, &findings) }
        let effectiveAt = effectiveTime(segments, original, &findings)
        guard let action, let original, let kind = movementKind(original), let effectiveAt else { return nil }
        let isHistoric = zbe.map { historic($0.field(5), &findings) } ?? false
        if let zbe { checkNature(zbe.field(9), action, kind, &findings) }
        guard let number = numbers.first ?? derivedNumber(original, effectiveAt, &findings) else { return nil }
        let others = Array(numbers.dropFirst())
        return Content(action: action, kind: kind, number: number, others: others, effectiveAt: effectiveAt, isHistoric: isHistoric)
    }

    /// ZBE-1, which may repeat: each is the movement's number in another namespace. The sender's own comes first, so that messages which give
    /// them in another order mean the same movement.
    private func numbers(_ zbe: Segment, _ header: MessageHeader) -> [Number] {
        var own: [Number] = []
        var others: [Number] = []
        for repetition in zbe.field(1).repetitions.prefix(Self.numberLimit) {
            let identifier = EI(repetition)
            guard let value = identifier.id.text else { continue }
            let number = Number(value: value, authority: authorities.name(identifier.authority))
            if own.contains(number) || others.contains(number) { continue }
            if identifier.authority.isOf(header.sendingFacility) { own.append(number) } else { others.append(number) }
        }
        return own + others
    }

    /// What an A08 says of a movement beside the identity: a correction, where ZBE names the movement, its time and its kind.
    func readUpdate(_ segments: ADTSegments) -> Content? {
        guard let zbe = segments.zbe, zbe.field(4).text != Action.cancel.rawValue else { return nil }
        var findings = Findings()
        let numbers = self.numbers(zbe, segments.header)
        guard let number = numbers.first, let effectiveAt = clock.instant(zbe.field(2), at: "ZBE-2", &findings),
            let kind = zbe.field(6).text.flatMap(ADTTrigger.init(rawValue:))?.inserted
        else { return nil }
        let others = Array(numbers.dropFirst())
        let isHistoric = historic(zbe.field(5), &findings)
        return Content(action: .update, kind: kind, number: number, others: others, effectiveAt: effectiveAt, isHistoric: isHistoric)
    }

    // MARK: - ZBE-4

    /// What this trigger can say of a movement, the usual first.
    private var actions: [Action] {
        switch trigger.meaning {
        case .movement: trigger.cancelled.isEmpty ? [.insert] : [.insert, .cancel]
        case .cancellation: [.cancel]
        default: [.update]
        }
    }

    private var expectedActions: String { actions.map(\.rawValue).joined(separator: " or ") }

    private func readAction(_ zbe: Segment?, _ findings: inout Findings) -> Action? {
        guard let text = zbe?.field(4).text else {
            if let zbe, let next = zbe.field(5).text, Action(rawValue: next) != nil {
                let reason = "ZBE-4 is empty and ZBE-5 holds its value: the segment looks shifted by one field (is ZBE-3 filled by mistake?)"
                findings.fail(.requiredFieldMissing, at: .movementAction, reason)
                return nil
            }
            if isLenient {
                findings.warn(.zbeDerived, at: "ZBE-4")
                return actions.first
            }
            findings.fail(.requiredFieldMissing, at: .movementAction, "the action is missing: \(expectedActions) is expected")
            return nil
        }
        guard let action = Action(rawValue: text) else {
            findings.fail(.tableValueNotFound, at: .movementAction, "expected INSERT, UPDATE or CANCEL")
            return nil
        }
        guard actions.contains(action) else {
            findings.fail(.tableValueNotFound, at: .movementAction, "\(expectedActions) is expected with \(trigger.rawValue)")
            return nil
        }
        return action
    }

    // MARK: - ZBE-6

    /// A11 takes back an admission and an emergency visit alike.
    private func movementKind(_ original: ADTTrigger) -> MovementKind? {
        if case .cancellation(let kind) = trigger.meaning { kind } else { original.inserted }
    }

    /// The trigger that inserted the movement spoken of. A cancellation that does not say it means what its own trigger takes back; a
    /// correction must say it.
    private func readOriginal(_ field: Field?, _ action: Action, _ pv1: Segment?, _ findings: inout Findings) -> ADTTrigger? {
        switch action {
        case .insert: return trigger
        case .cancel:
            if let text = field?.text {
                if let original = ADTTrigger(rawValue: text), trigger.cancelled.contains(original) { return original }
                findings.warn(.codeOutsideTable, at: "ZBE-6")
            } else {
                findings.warn(.zbe6Derived, at: "ZBE-6")
            }
            let isOutside = ["E", "O"].contains(pv1?.field(2).text)
            return trigger.cancelled.last { isOutside || $0 == trigger.cancelled.first }
        case .update:
            guard let text = field?.text else {
                findings.fail(.requiredFieldMissing, at: .originalTrigger, "the trigger of the movement corrected is missing")
                return nil
            }
            guard let original = ADTTrigger(rawValue: text), original.inserted != nil else {
                findings.fail(.tableValueNotFound, at: .originalTrigger, "expected the trigger that inserted the movement, such as A01")
                return nil
            }
            return original
        }
    }

    // MARK: - ZBE-1, ZBE-2, ZBE-5, ZBE-9

    private func effectiveTime(_ segments: ADTSegments, _ original: ADTTrigger?, _ findings: inout Findings) -> Instant? {
        if let field = segments.zbe?.field(2), field.text != nil {
            if let instant = clock.instant(field, at: "ZBE-2", &findings) { return instant }
            findings.fail(.dataType, at: .movementTime, "expected YYYYMMDD[HHMM[SS]][±ZZZZ], a day or more precise")
            return nil
        }
        guard isLenient else {
            findings.fail(.requiredFieldMissing, at: .movementTime, "the time of the movement is missing")
            return nil
        }
        let inStay: Int? =
            switch original?.inserted {
            case .admission, .emergencyVisit, .preadmission: 44
            case .discharge: 45
            default: nil
            }
        let others = [(segments.evn, "EVN", 6), (segments.pv1, "PV1", inStay), (segments.evn, "EVN", 2)]
        for case (let segment?, let name, let number?) in others {
            let (field, place) = (segment.field(number), "\(name)-\(number)")
            guard let instant = clock.instant(field, at: place, &findings) else { continue }
            findings.warn(.zbeDerived, at: "ZBE-2")
            return instant
        }
        findings.fail(.requiredFieldMissing, at: .movementTime, "the time of the movement is missing, and neither EVN nor PV1 tells it")
        return nil
    }

    /// The same for the message that states a movement and for those that correct it or take it back.
    private func derivedNumber(_ original: ADTTrigger, _ effectiveAt: Instant, _ findings: inout Findings) -> Number? {
        guard isLenient else { return nil }
        findings.warn(.zbeDerived, at: "ZBE-1")
        return Number(value: "\(original.rawValue)@\(effectiveAt.millisecondsSinceEpoch)", authority: nil)
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

    private static let natures: Set<String> = ["S", "H", "M", "L", "D", "SM", "SH", "MH", "LD", "HMS"]

    /// ZBE-9. `C`, a correction without movement, goes with a Z99 of A01, A04 or A05 only.
    private func checkNature(_ field: Field, _ action: Action, _ kind: MovementKind, _ findings: inout Findings) {
        guard let nature = field.text, !Self.natures.contains(nature) else { return }
        let isCorrection = nature == "C" && action == .update && [.admission, .emergencyVisit, .preadmission].contains(kind)
        if !isCorrection { findings.warn(.codeOutsideTable, at: "ZBE-9") }
    }
}
