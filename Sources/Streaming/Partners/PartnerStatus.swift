import Synchronization
public import Timekeeping

/// How a partner's topic, or the intake, fares: for those who look after it.
public final class PartnerStatus: Sendable {
    public struct Report: Sendable, Hashable {
        /// Through which position of the log the topic was written; nil until its end was read.
        public var position: Int64?
        /// Records written, or answered, since the process began.
        public var count: Int64 = 0
        /// Attempts that failed since the process began.
        public var failures: Int64 = 0
        /// What is wrong now, since when.
        public var trouble: Trouble?

        public struct Trouble: Sendable, Hashable {
            public var reason: String
            public var since: Instant
        }
    }

    private let state = Mutex(Report())

    public init() {}

    public var report: Report { state.withLock { $0 } }

    func succeed(position: Int64? = nil, count: Int = 0) {
        state.withLock { state in
            if let position { state.position = position }
            (state.count, _) = state.count.addingReportingOverflow(Int64(count))
            state.trouble = nil
        }
    }

    func fail(_ reason: String, at now: Instant) {
        state.withLock { state in
            (state.failures, _) = state.failures.addingReportingOverflow(1)
            state.trouble = Report.Trouble(reason: reason, since: state.trouble?.since ?? now)
        }
    }
}
