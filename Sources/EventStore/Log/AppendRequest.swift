/// One decision to record: all its writes in one transaction, or nothing.
public struct AppendRequest: Sendable, Hashable {
    /// How a repetition is recognised; nil = never.
    public var command: CommandKey?
    /// At most one write for each stream. May be empty: that nothing was to be done is remembered too.
    public var writes: [StreamWrite]
    /// Stored with the command, sealed, and given again on repetition.
    public var answer: [UInt8]
    /// Under whose data key the answer is sealed; nil = that of the first write. Needed only for an answer that is not
    /// empty beside no write.
    public var answerSealedFor: SealingRequest?

    public init(command: CommandKey? = nil, writes: [StreamWrite], answer: [UInt8] = [], answerSealedFor: SealingRequest? = nil) {
        self.command = command
        self.writes = writes
        self.answer = answer
        self.answerSealedFor = answerSealedFor
    }
}
