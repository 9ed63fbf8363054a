import HL7v2
import Pathways

/// Whose message it is: the identifier of type `PI` in PID-3, or in MRG-1.
struct PatientKey {
    let header: MessageHeader
    let authorities: AuthorityNames

    /// Whom a message of any kind names, however unusable the rest of it is; nil if nobody. Nothing is remarked.
    func named(in message: Message) -> LocalIdentifier? {
        var findings = Findings()
        return read(Self.identifiers(message.segment(.pid)?.field(3)), at: .patientIdentifiers, &findings)
    }

    func read(_ identifiers: [CX], at location: Location, _ findings: inout Findings) -> LocalIdentifier? {
        // Beside the hospital's own number there may be one of its group: the first one of another authority must not make another patient.
        let numbers = identifiers.filter { $0.typeCode == "PI" && $0.id.text != nil }
        guard let identifier = numbers.first(where: { $0.authority.isOf(header.sendingFacility) }) ?? numbers.first, let number = identifier.id.text
        else {
            findings.fail(.requiredFieldMissing, at: location, "no identifier of type PI")
            return nil
        }
        guard let authority = authorities.name(identifier.authority) ?? authorities.name(header.sendingFacility) else {
            findings.fail(.requiredFieldMissing, at: location, "the identifier of type PI has no authority, and MSH-4 names none")
            return nil
        }
        return LocalIdentifier(authority: authority, value: number)
    }

    static func identifiers(_ field: Field?) -> [CX] { field?.repetitions.map { CX($0) } ?? [] }
}

extension HD {
    /// Whether an authority is the facility that sends (MSH-4).
    func isOf(_ sender: HD) -> Bool {
        if let id = universalID.text, id == sender.universalID.text { return true }
        return namespaceID.text.map { $0 == sender.namespaceID.text } ?? false
    }
}
