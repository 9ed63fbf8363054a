public import Timekeeping

/// A run that ended because something is wrong, with all that is needed to see it again.
public struct SimulationFailure: Error, Sendable, CustomStringConvertible {
    public let seed: UInt64
    /// The steps that went well before.
    public let steps: Int
    /// In the world.
    public let at: Instant
    public let violation: Violation

    public var description: String {
        "seed \(seed), step \(steps), \(at.rfc3339): \(violation)\nAgain: RELAIS_SEED=\(seed) swift test --filter SimulationTests"
    }
}
