/// ERR-4 (HL7 table 0516).
public enum ErrorSeverity: String, Sendable, Hashable, CaseIterable {
    case error = "E"
    /// Accepted, but someone should look.
    case warning = "W"
    case information = "I"
}
