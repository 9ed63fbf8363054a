/// A place whose clocks are never changed.
public struct FixedZone: ZoneRules, Hashable {
    /// Minutes east of Greenwich.
    public let offsetMinutes: Int

    public static let utc = FixedZone(offsetMinutes: 0)

    /// - Parameter offsetMinutes: east of Greenwich; held within a day either way.
    public init(offsetMinutes: Int) {
        self.offsetMinutes = min(max(offsetMinutes, -1_440), 1_440)
    }

    public func offset(atLocalSeconds seconds: Int64) -> LocalOffset {
        .unique(offsetMinutes)
    }
}
