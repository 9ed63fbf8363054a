/// How often the commands of a scope came again.
public struct CommandCounts: Sendable, Hashable {
    /// Repetitions answered with the first answer.
    public var repeats: Int64
    /// Reuses of a key with another body, refused.
    public var reuses: Int64

    public init(repeats: Int64, reuses: Int64) {
        self.repeats = repeats
        self.reuses = reuses
    }
}
