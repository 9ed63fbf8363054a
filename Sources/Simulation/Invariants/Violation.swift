/// An invariant of the architecture that did not hold, and where.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// `I1` to `I12`, as in the architecture.
    public let invariant: String
    /// Ids and codes only.
    public let problem: String

    init(_ invariant: String, _ problem: String) {
        self.invariant = invariant
        self.problem = problem
    }

    public var description: String { "\(invariant): \(problem)" }
}
