/// Who answers for a follow-up that is pending: exactly one, always (I7).
public enum Owner: Hashable, Sendable {
    /// RPPS of whoever accepted it.
    case professional(String)
    /// The référent-parcours, as long as nobody has.
    case referent
}
