/// Why nothing is shown: an estimate by a machine that cannot tell what happened is worth nothing.
public struct WhatIfRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// Decisions of the log come out otherwise when they are made again.
        case differences(count: Int, decisions: Int, first: WhatIfDifference)
        /// No territory is published before the period.
        case noTerritory
        /// Nothing was recorded in the period.
        case emptyPeriod
        /// Fewer than one draw.
        case noDraws
    }

    public let reason: Reason

    public init(reason: Reason) { self.reason = reason }

    public var description: String {
        switch reason {
        case .differences(let count, let decisions, let first):
            "\(count) of \(decisions) decisions of this log come out otherwise when they are made again, so that nothing is shown; the first: \(first)"
        case .noTerritory: "no territory is published before the period: there is nothing to ask"
        case .emptyPeriod: "nothing was recorded in the period"
        case .noDraws: "an estimate needs one draw at least"
        }
    }
}
