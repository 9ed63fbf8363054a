import HL7v2
import Pathways

/// What tells for which territory a message is: whose, which visit, and where home is. Read apart from its translation, which needs a
/// territory; what is wrong with the message is the translation's to say.
struct RoutingFacts {
    /// States who a patient is, and nothing of a visit (ITI-30).
    let isIdentity: Bool
    let patient: LocalIdentifier?
    let visit: LocalIdentifier?
    let home: PatientAddress?

    /// - Parameter profile: what was agreed with the sender.
    /// - Returns: nil if the message has no PID.
    init?(_ message: Message, _ header: MessageHeader, _ profile: SiteProfile) {
        guard let pid = message.segment(.pid) else { return nil }
        var findings = Findings()
        let trigger = header.messageType.event.flatMap(ADTTrigger.init(rawValue:))
        isIdentity = trigger?.meaning == .identity
        patient = PatientKey.read(pid.field(3).repetitions.map { CX($0) }, header, &findings)
        home = AddressReader.home(pid.field(11))
        visit =
            isIdentity
            ? nil
            : VisitKey.read(pid: pid, pv1: message.segment(.pv1), patientAuthority: patient?.authority, profile, &findings)
    }
}
