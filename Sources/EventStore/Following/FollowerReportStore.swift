/// Where the reports of followers are kept, one row per follower.
public protocol FollowerReportStore: Sendable {
    func write(_ reports: [FollowerReport]) throws

    /// By name.
    func reports() throws -> [FollowerReport]
}
