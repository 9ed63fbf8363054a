public import Timekeeping

/// Something that a professional did in a pathway.
public struct LedgerAct: Hashable, Sendable {
    /// The raw value is the word in the tables and in documents.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Encodable {
        case accepted
        /// Or gave back what they had accepted.
        case declined
        case completed
        case noted
        /// They saw that a follow-up of theirs was withdrawn.
        case acknowledged
        case alertReported
        case prescriptionMissing
        case prescriptionObtained
        case pradoEnrolled
        case pradoLeft
        case careRefused
        case refusalTakenBack
        case homeReturnConfirmed
        case dischargePlanned
        case protocolApplied
        case entryRetracted
        case solicitationRestarted
        case pathwayClosed
        case pathwayReopened
    }

    public let kind: Kind
    /// Which follow-ups it was about; none for the pathway as a whole.
    public let followUps: [String]
    /// When they say that they did it.
    public let at: Instant
    /// Of the event.
    public let position: Int64
    /// When it was entered, in milliseconds.
    let recordedAt: Int64
}
