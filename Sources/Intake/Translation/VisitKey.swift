import HL7v2
import Pathways

/// Which visit it is about: PV1-19, and the administrative file (NDA) in PID-18 (PAM France §5).
struct VisitKey {
    /// Nil where it is missing.
    let visit: LocalIdentifier?
    /// PID-18.
    let account: LocalIdentifier?

    /// - Parameter patientAuthority: whose numbers they are when the fields do not say.
    init(_ pid: Segment?, _ pv1: Segment?, patientAuthority: String?, _ profile: SiteProfile, _ findings: inout Findings) {
        let authorities = AuthorityNames(profile.authorities)
        account = Self.identifier(pid?.field(18), authorities, patientAuthority)
        let sent = Self.identifier(pv1?.field(19), authorities, patientAuthority)
        visit = sent ?? (profile.account == .isVisit ? account : nil)
        // Read apart from the authority: a number of no authority is there, and the missing PI that names none is told already.
        let hasAccount = pid?.field(18).text != nil
        let hasVisit = pv1?.field(19).text != nil
        let needsAccount = profile.account == .required || (profile.account == .isVisit && !hasVisit)
        if needsAccount, !hasAccount { findings.fail(.requiredFieldMissing, at: .account, "the administrative file (NDA) is missing") }
        if !hasVisit, profile.account != .isVisit { findings.fail(.requiredFieldMissing, at: .visitNumber, "the visit number is missing") }
    }

    private static func identifier(_ field: Field?, _ authorities: AuthorityNames, _ otherwise: String?) -> LocalIdentifier? {
        guard let field, let number = field.text else { return nil }
        guard let authority = authorities.name(CX(field.repetition(1)).authority) ?? otherwise else { return nil }
        return LocalIdentifier(authority: authority, value: number)
    }
}
