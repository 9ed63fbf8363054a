/// Why a message could not be read as an acknowledgement.
public enum AcknowledgementError: Error, Sendable, Hashable {
    /// It has no MSA segment.
    case missingMSA
    /// MSA-1 is not a code of table 0008.
    case unknownCode
}

extension AcknowledgementError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingMSA: "the answer has no MSA segment: the receiver did not acknowledge"
        case .unknownCode: "MSA-1 of the answer is not one of AA, AE, AR, CA, CE, CR"
        }
    }
}
