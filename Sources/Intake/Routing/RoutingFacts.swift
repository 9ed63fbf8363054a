import HL7v2
import Pathways

/// What tells for which territory a message is: whose, which visit, and where home is. Read apart from its translation, which needs a
/// territory; what is wrong with the message is the translation's to say.
struct RoutingFacts {
    /// Speaks of patients, and of no visit that it names: identity, merge, move of a dossier.
    let isIdentity: Bool
    /// PID-3; and MRG-1 where the message replaces a number.
    let patients: [LocalIdentifier]
    let visit: LocalIdentifier?
    let home: PatientAddress?

    /// - Parameters:
    ///   - message: as its sender's profile says to read it.
    ///   - profile: what was agreed with the sender.
    /// - Returns: nil if the message has no PID.
    init?(_ message: Message, _ profile: SiteProfile) {
        guard let pid = message.segment(.pid) else { return nil }
        var findings = Findings()
        let header = message.header
        let trigger = header.messageType.event.flatMap(ADTTrigger.init(rawValue:))
        let key = PatientKey(header: header, authorities: AuthorityNames(profile.authorities))
        let patient = key.read(PatientKey.identifiers(pid.field(3)), at: .patientIdentifiers, &findings)
        isIdentity = trigger.map { !$0.isAboutMovement } ?? false
        patients = ([patient] + Self.others(message, trigger, key)).compactMap(\.self)
        home = AddressReader.home(pid.field(11))
        visit = isIdentity ? nil : VisitKey(pid, message.segment(.pv1), patientAuthority: patient?.authority, profile, &findings).visit
    }

    private static func others(_ message: Message, _ trigger: ADTTrigger?, _ key: PatientKey) -> [LocalIdentifier?] {
        switch trigger?.meaning {
        case .merge, .moveOfDossier, .changeOfIdentifiers:
            var findings = Findings()
            let named = message.segments(.pid).dropFirst().map { $0.field(3) } + message.segments(.mrg).map { $0.field(1) }
            return named.map { key.read(PatientKey.identifiers($0), at: .priorIdentifiers, &findings) }
        default: return []
        }
    }
}
