/// When a sender in enhanced mode wants an acknowledgement (MSH-15, MSH-16, HL7 table 0155).
public enum AcknowledgementCondition: String, Sendable, Hashable, CaseIterable {
    case always = "AL"
    case never = "NE"
    case onError = "ER"
    case onSuccess = "SU"

    /// Whether an acknowledgement with that code is wanted.
    public func wants(_ code: AcknowledgementCode) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .onError: !code.isSuccess
        case .onSuccess: code.isSuccess
        }
    }
}
