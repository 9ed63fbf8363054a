import EventStore
import Pathways
import Timekeeping

/// Something that somebody is asked, or told, and may answer by a deed. Two runs ask the same where all of it is the same.
struct Question: Hashable, Sendable {
    enum Kind: String, Sendable {
        /// Somebody is asked to take a follow-up.
        case offer
        /// Nobody is left to ask: the référent-parcours knows.
        case nobodyLeft
        /// Somebody who does not own the follow-up is told that it is not done.
        case notice
        /// Somebody accepted it, or has it again after a hold: they are to do it.
        case work
    }

    let kind: Kind
    let followUp: String
    /// ``Addressee`` of an offer, else an RPPS; empty for ``Kind/nobodyLeft``.
    let who: String
    /// Milliseconds since 1970, as the event that asks says it.
    let at: Int64
}

/// A question with what an answer may depend on.
struct Asked: Sendable {
    let question: Question
    let pathway: StreamID
    let rule: RuleReference
    let role: CareRole
    /// From when the delay of an answer counts: when it was asked, as the event says it; of work, the opening of the window if that is later.
    let base: Instant
}

/// What somebody does.
struct Deed: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case accept
        case decline(DeclineReason)
        case giveBack(DeclineReason)
        /// `reportedAfter` is how many milliseconds after it was done it is reported.
        case complete(FollowUpOutcome, reportedAfter: Int64)
        case askAgain
    }

    let kind: Kind
    /// RPPS.
    var by: String
    var team: String?
}

/// What came of a question.
struct Answer: Sendable {
    let deed: Deed
    /// Milliseconds since the question's base; of work that is done before its window opens, negative.
    let delay: Int64
    /// Milliseconds until the planner reacted; nil if it recorded nothing.
    let plannerLag: Int64?
}
