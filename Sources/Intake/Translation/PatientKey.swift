import HL7v2
import Pathways

/// Whose message it is: PID-3 of type `PI`.
enum PatientKey {
    /// The patient whom a message of any kind names, however unusable the rest of it is; nil if it names none. For sealing it under their
    /// key: nothing is remarked.
    static func named(in message: Message, _ header: MessageHeader) -> LocalIdentifier? {
        var findings = Findings()
        return read(message.segment(.pid)?.field(3).repetitions.map { CX($0) } ?? [], header, &findings)
    }

    static func read(_ identifiers: [CX], _ header: MessageHeader, _ findings: inout Findings) -> LocalIdentifier? {
        guard let identifier = identifiers.first(where: { $0.typeCode == "PI" && $0.id.text != nil }), let number = identifier.id.text else {
            findings.fail(.requiredFieldMissing, at: .patientIdentifiers, "no identifier of type PI")
            return nil
        }
        guard let authority = identifier.authority.authority ?? header.sendingFacility.authority else {
            findings.fail(.requiredFieldMissing, at: .patientIdentifiers, "the identifier of type PI has no authority, and MSH-4 names none")
            return nil
        }
        return LocalIdentifier(authority: authority, value: number)
    }
}
