/// Why bytes could not be read as a message. Carries positions and numbers only, never content.
public enum ParseError: Error, Sendable, Hashable {
    /// There are no bytes, or only blank ones.
    case empty
    /// The first segment is not MSH.
    case notAMessage
    /// The bytes stop before MSH-2 is complete.
    case truncatedHeader
    /// MSH-1 or MSH-2 declare characters that cannot delimit: letters, digits, quotes, controls, or the same one twice.
    case unusableDelimiters
}

extension ParseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "the message is empty: nothing to read"
        case .notAMessage: "the first segment is not MSH: send one HL7 v2 message, starting with MSH, in each frame"
        case .truncatedHeader: "the MSH segment stops before its encoding characters: expected MSH|^~\\&|"
        case .unusableDelimiters: "MSH-1 and MSH-2 do not declare distinct delimiter characters: expected MSH|^~\\&|"
        }
    }
}
