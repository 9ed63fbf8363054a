/// What a ``BatchAssembler`` has seen, for metrics.
public struct AssemblyCounts: Sendable, Hashable {
    /// Event records read.
    public var events = 0
    /// Event records that had come before.
    public var repeats = 0
    /// Records of a replaced writer, or of a batch that was given up.
    public var leftOvers = 0
    /// Batches given out.
    public var batches = 0

    public init() {}
}
