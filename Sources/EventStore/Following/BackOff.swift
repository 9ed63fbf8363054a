/// How long to pause after failures: doubling, bounded, with jitter so that followers do not retry in step.
public struct BackOff: Sendable, Hashable {
    /// Milliseconds after the first failure.
    public var first: Int64
    /// Longest pause in milliseconds.
    public var longest: Int64

    public init(first: Int64 = 100, longest: Int64 = 30_000) {
        self.first = max(1, first)
        self.longest = max(self.first, longest)
    }

    /// Milliseconds to pause after `failures` failures in a row: between half the nominal pause and all of it.
    ///
    /// - Parameter chance: uniformly distributed.
    public func pause(afterFailures failures: Int, chance: UInt64) -> Int64 {
        let doublings = min(max(failures - 1, 0), 30)
        let (nominal, overflow) = first.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let bounded = overflow ? longest : min(nominal, longest)
        let half = bounded / 2
        return half + Int64(chance % UInt64(bounded - half + 1))
    }
}
