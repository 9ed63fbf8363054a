public import Timekeeping

/// One professional, or one team, asked for one follow-up, in one wave.
public struct Offer: Hashable, Sendable {
    public enum Answer: String, Hashable, Sendable, CaseIterable {
        /// Waits for an answer.
        case made
        case accepted
        case declined
        /// The time to answer passed. A late yes is a yes as long as nobody has accepted.
        case lapsed
        /// Somebody else accepted, the follow-up was withdrawn, or who was asked went away.
        case superseded
    }

    /// ``Addressee``.
    public let to: String
    public let at: Instant
    /// By when an answer is hoped for.
    public let until: Instant
    public let wave: Int
    public internal(set) var answer: Answer = .made
}
