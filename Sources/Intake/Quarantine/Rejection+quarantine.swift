public import Pathways

extension Rejection.Code {
    /// The message was accepted, ignored or refused: there is nothing to decide.
    public static let notQuarantined = Self(rawValue: "not-quarantined")
    /// Somebody repaired or discarded the message before.
    public static let alreadyDecided = Self(rawValue: "already-decided")
    /// The message was erased with its patient.
    public static let messageErased = Self(rawValue: "message-erased")
    /// A correction names a place that cannot be written, or its value reaches beyond it.
    public static let malformedCorrection = Self(rawValue: "malformed-correction")
}
