import Timekeeping

/// A command row.
struct StoredCommand: Sendable {
    var digest: [UInt8]
    var requestHash: Hash256
    var position: Int64
    var recordedAt: Instant
    var answer: StoredAnswer

    func openedAnswer(by sealer: any PayloadSealer) throws -> [UInt8]? {
        try answer.opened(by: sealer, commandDigest: digest, requestHash: requestHash)
    }

    func opened(by sealer: any PayloadSealer) throws -> RecordedCommand {
        RecordedCommand(requestHash: requestHash, position: position, recordedAt: recordedAt, answer: try openedAnswer(by: sealer))
    }

    /// Whether a command that comes with `key` is a repetition of this one.
    func isRepeated(by key: CommandKey) -> Bool {
        key.match == .keyAlone || key.requestHash == requestHash
    }

    /// The refusal of `key` coming with another body.
    func refusal(of key: CommandKey) -> EventStoreError {
        var facts = EventStoreError.Facts()
        facts.position = position
        return EventStoreError(
            .commandKeyReused,
            "This idempotency key of scope \(key.scope) was recorded at position \(position) for another body: use a new key.",
            facts: facts
        )
    }
}
