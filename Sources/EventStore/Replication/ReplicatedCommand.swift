public import Timekeeping

/// What a log remembers of a command, as stored: whoever takes over recognises a repetition and gives the first answer again (I4).
public struct ReplicatedCommand: Sendable, Hashable {
    /// Stands for scope and key.
    public var digest: [UInt8]
    public var scope: String
    public var requestHash: Hash256
    /// Kept for ever: of a process manager, not of intake.
    public var isLasting: Bool
    /// Of the log's last event once the command was recorded.
    public var position: Int64
    /// In UTC.
    public var recordedAt: Instant
    /// Sealed; empty if there was none.
    public var answer: [UInt8]
    /// Under whose key the answer is sealed.
    public var answerStream: StreamID?
    public var answerKeyID: String?

    public init(
        digest: [UInt8],
        scope: String,
        requestHash: Hash256,
        isLasting: Bool,
        position: Int64,
        recordedAt: Instant,
        answer: [UInt8],
        answerStream: StreamID?,
        answerKeyID: String?
    ) {
        self.digest = digest
        self.scope = scope
        self.requestHash = requestHash
        self.isLasting = isLasting
        self.position = position
        self.recordedAt = recordedAt
        self.answer = answer
        self.answerStream = answerStream
        self.answerKeyID = answerKeyID
    }
}
