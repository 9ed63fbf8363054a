import Timekeeping

extension StoredCommand {
    /// The command with this digest; nil if there is none.
    ///
    /// - Parameter statement: ``Queries/command``, prepared.
    static func read(_ digest: [UInt8], with statement: Statement) throws -> StoredCommand? {
        statement.bind(1, copying: digest)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        guard let requestHash = Hash256(bytes: statement.blob(0)) else {
            throw EventStoreError(.corrupted, "A command row has no request hash: run verify.")
        }
        let stream = statement.isNull(4) ? nil : StreamID(bytes: statement.bytes(4))
        return StoredCommand(
            digest: digest,
            requestHash: requestHash,
            position: statement.int64(1),
            recordedAt: Instant(millisecondsSinceEpoch: statement.int64(2)),
            answer: StoredAnswer(bytes: statement.bytes(3), stream: stream, keyID: statement.isNull(5) ? nil : statement.string(5))
        )
    }
}
