/// How a place's wall clocks relate to UTC: all that `Timestamp` needs to know of a time zone.
public protocol ZoneRules: Sendable {
    /// The offset in force when the clocks there show `seconds` since 1970-01-01T00:00:00, read as if there were no zone.
    func offset(atLocalSeconds seconds: Int64) -> LocalOffset
}
