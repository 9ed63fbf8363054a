public import EventStore
public import Projections

/// Whether the server can be relied on: what `/readyz` answers.
public struct Readiness: Sendable, Hashable {
    /// One thing that must hold.
    public struct Check: Sendable, Hashable {
        /// As `view:todo`.
        public let name: String
        public let isReady: Bool
        /// Events not taken in yet, where the check counts them.
        public let lag: Int64?
        /// What is wrong and what to do; nothing about a patient.
        public let detail: String?

        public init(name: String, isReady: Bool, lag: Int64? = nil, detail: String? = nil) {
            self.name = name
            self.isReady = isReady
            self.lag = lag
            self.detail = detail
        }
    }

    public let checks: [Check]

    public init(checks: [Check]) { self.checks = checks }

    public var isReady: Bool { checks.allSatisfy(\.isReady) }

    /// Every view within its lag bound, with nothing parked.
    ///
    /// - Parameters:
    ///   - head: read independently of the views.
    ///   - bound: events that a view may be behind.
    public static func ofViews(_ views: [ProjectionStatus], behind head: LogHead, bound: Int64 = 1_000) -> Readiness {
        Readiness(
            checks: views.map { view in
                let lag = view.lag(behind: head)
                let detail =
                    lag > bound
                    ? "is \(lag) events behind the log" : view.parked > 0 ? "parked \(view.parked) events; see: relais projections status" : nil
                return Check(name: "view:\(view.name)", isReady: detail == nil, lag: lag, detail: detail)
            }
        )
    }
}
