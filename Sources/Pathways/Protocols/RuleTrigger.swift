/// What makes a rule plan its follow-up.
public enum RuleTrigger: String, Sendable, Hashable, CaseIterable {
    /// The patient leaves hospital.
    case discharge
    /// Nobody has confirmed the return home by the moment the rule's window opens.
    case homeReturnMissing = "home-return-missing"
}
