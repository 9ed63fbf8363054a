/// On what basis professionals know of a patient (CSP art. L1110-4, L1110-12). Being a member of the territory is none.
public enum SharingBasis: String, Hashable, Sendable, CaseIterable {
    /// The team of one establishment, or of a structure of CSP art. D1110-3-4 (L1110-12, 1°).
    case team1 = "team-1"
    /// Recognised by the patient who addresses them (L1110-12, 2°).
    case patientRecognised = "patient-recognised"
    /// An organised set of professionals (L1110-12, 3°).
    case team3 = "team-3"
    /// The patient's consent to sharing outside the team (L1110-4, III).
    case consentShare = "consent-share"
    /// Exchange with named recipients (L1110-4, II).
    case exchange
}
