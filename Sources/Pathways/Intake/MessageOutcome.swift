/// What became of a message from a hospital.
public enum MessageOutcome: String, Hashable, Sendable, CaseIterable {
    /// Applied: it became facts of a patient or a pathway, or added nothing to them.
    case accepted
    /// A trigger that this version does not carry: answered, kept, without effect (PAM France §5.3.2, remark 1).
    case ignored
    /// Waits for its parent: the visit or movement that it speaks of is not known yet.
    case orphan
    /// Wrong in content: refused with AE, kept for repair.
    case quarantined
    /// Not ours (MSH-9, MSH-11, MSH-12): refused with AR.
    case refused
}
