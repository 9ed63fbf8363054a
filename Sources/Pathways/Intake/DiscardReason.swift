/// Why a quarantined message is put aside.
public enum DiscardReason: String, Hashable, Sendable, CaseIterable {
    /// The hospital sent it again, right.
    case sentAgain
    /// The hospital says that it must not count.
    case withdrawnBySender
    /// It concerns nobody here.
    case notOurs
    /// It was a test.
    case test
    /// It cannot be repaired; what it says was entered by hand.
    case enteredByHand
    case other
}
