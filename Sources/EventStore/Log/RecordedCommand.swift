public import Timekeeping

/// A command the log remembers.
public struct RecordedCommand: Sendable, Hashable {
    /// Stands for the body it came with first, as it was given (``CommandKey/requestHash``).
    public var requestHash: Hash256
    /// Position at which a reader sees what it did.
    public var position: Int64
    public var recordedAt: Instant
    /// The answer given, opened; nil = erased since.
    public var answer: [UInt8]?

    public init(requestHash: Hash256, position: Int64, recordedAt: Instant, answer: [UInt8]?) {
        self.requestHash = requestHash
        self.position = position
        self.recordedAt = recordedAt
        self.answer = answer
    }
}
