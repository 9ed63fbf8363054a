public import EventStore
public import Pathways
public import Timekeeping

/// Why a follow-up stands in a list, told from the log alone: the events that put it there, the rule, and who was asked before.
///
/// A function of the log up to ``position``, and of nothing else: the same events give the same bytes (``json()``), whatever the views hold
/// and whenever it is asked. It says nothing of who the patient is.
public struct Explanation: Hashable, Sendable {
    /// An event without which the item would not be there, or not as it is.
    public struct Cause: Hashable, Sendable {
        public let position: Int64
        public let id: EventID
        public let type: String
        public let occurredAt: Instant
        public let recordedAt: Instant
        /// What it says of this follow-up, in French.
        public let sentence: String
    }

    /// The rule that asked for it, as it stood when it was planned.
    public struct Rule: Hashable, Sendable {
        public let protocolID: String
        public let version: Int
        public let rule: String
        /// What was planned. French.
        public let title: String
        /// Nil where the log holds no publication of this version, as the members below.
        public let protocolTitle: String?
        /// The text that the rule rests on, in French, with its place in it.
        public let source: String?
        /// A year, a month or a day, ISO 8601.
        public let sourceDate: String?
        /// What the sources leave uncertain, in French.
        public let doubt: String?
        /// Position of the event that published this version.
        public let publishedAt: Int64?
    }

    /// Somebody, or a team.
    public struct Party: Hashable, Sendable {
        public let addressee: Addressee
        /// Nil if the directory does not hold them.
        public let name: String?
    }

    /// Somebody who was asked, and what came of it.
    public struct Asked: Hashable, Sendable {
        public let party: Party
        public let wave: Int
        /// Position of the offer.
        public let position: Int64
        public let at: Instant
        /// By when an answer was hoped for.
        public let until: Instant
        /// On which basis the order was made.
        public let basis: Assignment.Basis
        /// What they had in hand when they were weighed; nil for whoever was not.
        public let load: Int?
        public let answer: Offer.Answer
        /// Nil unless they declined.
        public let reason: DeclineReason?
        /// When the answer came, or the offer ended; nil while it waits.
        public let answeredAt: Instant?
        /// Who of the team answered; nil unless it was a team.
        public let answeredBy: Party?
    }

    public let position: Int64
    /// The pathway's stream.
    public let pathway: StreamID
    public let item: ExplainedItem
    /// In whose list: the professional or team asked, who was told, who accepted, or the référent-parcours. Nil where nobody holds the post.
    public let holder: Party?
    /// Who answers for it (I7); nil once it has ended, and where nobody holds the post.
    public let owner: Party?
    /// By position.
    public let because: [Cause]
    public let rule: Rule
    /// In the order in which they were asked.
    public let asked: [Asked]
    /// Who is asked if those who are asked now do not answer; empty where nobody is left, or nothing is to be asked.
    public let next: [Party]
    /// Nil once it has ended.
    public let nextDeadline: Deadline?
    /// The whole in one sentence of French.
    public let sentence: String
}
