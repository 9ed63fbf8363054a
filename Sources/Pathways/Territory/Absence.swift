public import Timekeeping

/// A time when a professional takes no patients.
public struct Absence: Sendable, Hashable {
    /// The first instant away.
    public let from: Instant
    /// The first instant back: the absence ends just before.
    public let to: Instant
    /// Who takes their place, if anyone does.
    public let replacement: RPPS?

    public init(from: Instant, to: Instant, replacement: RPPS? = nil) {
        self.from = from
        self.to = to
        self.replacement = replacement
    }

    public func contains(_ instant: Instant) -> Bool {
        from <= instant && instant < to
    }
}
