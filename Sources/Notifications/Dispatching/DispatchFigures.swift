public import Pathways
import Synchronization

/// What a dispatcher has done since it was made, for metrics.
public final class DispatchFigures: Sendable {
    public struct Counts: Hashable, Sendable {
        public var attempts: [ChannelKind: Int64] = [:]
        public var handOvers: [ChannelKind: Int64] = [:]
        /// Of attempts, by the channel's word.
        public var failures: [String: Int64] = [:]
        public var undeliverable: [UndeliverableReason: Int64] = [:]
        public var parked: Int64 = 0
        /// Looks at a person that ended in an error, and are repeated.
        public var troubles: Int64 = 0
        /// Hand-overs by the time since the newest of their news was recorded: up to each of ``bounds``, and beyond the last. Not cumulative.
        public var latencies = [Int64](repeating: 0, count: DispatchFigures.bounds.count + 1)
        /// Milliseconds of all of them together.
        public var latencySum: Int64 = 0

        public init() {}
    }

    /// Milliseconds.
    public static let bounds: [Int64] = [
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000,
    ]

    /// Words of channels are few; should one make words of data, the rest is counted together.
    private static let mostReasons = 100

    private let current = Mutex(Counts())

    public init() {}

    public var counts: Counts { current.withLock { $0 } }

    func attempted(on kind: ChannelKind) { current.withLock { $0.attempts[kind, default: 0] += 1 } }

    /// - Parameter latency: milliseconds since the newest news was recorded.
    func handedOver(by kind: ChannelKind, latency: Int64) {
        let latency = max(0, latency)
        let index = Self.bounds.firstIndex { latency <= $0 } ?? Self.bounds.count
        current.withLock { counts in
            counts.handOvers[kind, default: 0] += 1
            counts.latencies[index] += 1
            let (sum, overflow) = counts.latencySum.addingReportingOverflow(latency)
            counts.latencySum = overflow ? .max : sum
        }
    }

    func failed(_ reason: String) {
        current.withLock { counts in
            let word = counts.failures[reason] != nil || counts.failures.count < Self.mostReasons ? reason : "other"
            counts.failures[word, default: 0] += 1
        }
    }

    func gaveUp(_ reason: UndeliverableReason) { current.withLock { $0.undeliverable[reason, default: 0] += 1 } }

    func parked() { current.withLock { $0.parked += 1 } }

    func troubled() { current.withLock { $0.troubles += 1 } }
}
