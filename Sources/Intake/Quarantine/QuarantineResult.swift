public import Pathways

/// What came of the repair of a quarantined message.
public enum QuarantineResult: Sendable, Hashable {
    /// It was read, and what it states is recorded.
    ///
    /// - outcome: `accepted`, `ignored`, or `orphan`.
    /// - position: that a view must have reached to show it.
    case repaired(outcome: MessageOutcome, position: Int64)
    /// It cannot be used yet, and nothing was recorded: what is wrong with the message as corrected.
    case stillFaulty([IntakeFault])
}
