import HL7v2
import Pathways

/// Which visit it is about: PV1-19, beside PID-18 (PAM France §5).
enum VisitKey {
    /// - Parameter patientAuthority: whose number it is when the field does not say.
    static func read(
        pid: Segment?,
        pv1: Segment?,
        patientAuthority: String?,
        _ profile: SiteProfile,
        _ findings: inout Findings
    ) -> LocalIdentifier? {
        let account = pid.map { CX($0.field(18).repetition(1)) }
        if account?.id.text == nil, profile.requiresAccount || profile.usesAccountAsVisit && pv1?.field(19).text == nil {
            findings.fail(.requiredFieldMissing, at: .account, "the administrative file (NDA) is missing")
        }
        let sent = pv1.map { CX($0.field(19).repetition(1)) }
        let visit = sent?.id.text == nil && profile.usesAccountAsVisit ? account : sent
        guard let visit, let number = visit.id.text else {
            if !profile.usesAccountAsVisit { findings.fail(.requiredFieldMissing, at: .visitNumber, "the visit number is missing") }
            return nil
        }
        guard let authority = visit.authority.authority ?? patientAuthority else { return nil }
        return LocalIdentifier(authority: authority, value: number)
    }
}
