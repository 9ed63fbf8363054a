/// MSA-1, what became of a message (HL7 table 0008).
public enum AcknowledgementCode: String, Sendable, Hashable, CaseIterable {
    /// Processed.
    case applicationAccept = "AA"
    /// The content is wrong: to be corrected before it is sent again.
    case applicationError = "AE"
    /// Not for us (MSH-9, 11, 12), or a passing trouble of ours: may be sent again.
    case applicationReject = "AR"
    /// Safely stored; the sender is released.
    case commitAccept = "CA"
    /// Could not be stored.
    case commitError = "CE"
    /// MSH-9, 11 or 12 are not acceptable.
    case commitReject = "CR"

    public var isSuccess: Bool { self == .applicationAccept || self == .commitAccept }

    /// The code of the same meaning at commit level.
    public var commit: AcknowledgementCode {
        switch self {
        case .applicationAccept, .commitAccept: .commitAccept
        case .applicationError, .commitError: .commitError
        case .applicationReject, .commitReject: .commitReject
        }
    }
}
