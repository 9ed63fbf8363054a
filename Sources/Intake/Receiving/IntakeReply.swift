public import HL7v2

/// What to send back for one frame.
public enum IntakeReply: Sendable, Hashable {
    /// Why nothing is sent.
    public enum Silence: Sendable, Hashable {
        /// Its header cannot be read: nobody can be answered. Close the connection.
        case unreadable(ParseError)
        /// More bytes than can be kept. Close the connection.
        case oversized(limit: Int)
        /// The sender asked for no acknowledgement of this kind (MSH-15, MSH-16). The frame was taken in; leave the connection open.
        case notWanted(IntakeReceipt)
    }

    /// An acknowledgement message, without MLLP envelope.
    case acknowledge([UInt8], IntakeReceipt)
    case noAnswer(Silence)
}
