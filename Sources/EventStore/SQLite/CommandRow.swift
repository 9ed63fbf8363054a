import Timekeeping

/// A row of table `command`, all columns.
struct CommandRow {
    static let columnCount: Int32 = 12

    var number: Int64
    var scope: String
    var isLasting: Bool
    var command: StoredCommand
    var repeats: Int64 = 0
    var reuses: Int64 = 0

    /// The row's hash, from its columns in their order.
    var hash: RowHash {
        var builder = RowHash.Builder(table: "command")
        builder.append(number)
        builder.append(command.digest)
        builder.append(scope)
        builder.append(command.requestHash.bytes)
        builder.append(isLasting ? 1 : 0)
        builder.append(command.position)
        builder.append(command.recordedAt.millisecondsSinceEpoch)
        builder.append(command.answer.bytes)
        builder.append(command.answer.stream?.bytes)
        builder.append(command.answer.keyID)
        builder.append(repeats)
        builder.append(reuses)
        return builder.hash
    }

    /// The command with this digest; nil if there is none.
    ///
    /// - Parameter statement: ``Queries/command``, prepared.
    static func read(_ digest: [UInt8], with statement: Statement) throws -> CommandRow? {
        statement.bind(1, copying: digest)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        return try current(of: statement)
    }

    /// The row that ``Queries/command`` or ``Queries/commandPage`` stands on.
    static func current(of statement: Statement) throws -> CommandRow {
        guard let requestHash = Hash256(bytes: statement.blob(3)) else {
            throw EventStoreError(.corrupted, "A command row has no request hash: run verify.")
        }
        let stream = statement.isNull(8) ? nil : StreamID(bytes: statement.bytes(8))
        return CommandRow(
            number: statement.int64(0),
            scope: statement.string(2),
            isLasting: statement.int64(4) != 0,
            command: StoredCommand(
                digest: statement.bytes(1),
                requestHash: requestHash,
                position: statement.int64(5),
                recordedAt: Instant(millisecondsSinceEpoch: statement.int64(6)),
                answer: StoredAnswer(bytes: statement.bytes(7), stream: stream, keyID: statement.isNull(9) ? nil : statement.string(9))
            ),
            repeats: statement.int64(10),
            reuses: statement.int64(11)
        )
    }

    /// Binds all columns and the hash to ``Queries/insertCommand``.
    func bind(to insert: Statement, hash: RowHash) {
        insert.bind(1, number)
        insert.bind(2, copying: command.digest)
        insert.bind(3, copying: scope)
        insert.bind(4, copying: command.requestHash.bytes)
        insert.bind(5, isLasting ? 1 : 0)
        insert.bind(6, command.position)
        insert.bind(7, command.recordedAt.millisecondsSinceEpoch)
        insert.bind(8, copying: command.answer.bytes)
        insert.bind(9, copying: command.answer.stream?.bytes)
        insert.bind(10, copying: command.answer.keyID)
        insert.bind(11, repeats)
        insert.bind(12, reuses)
        insert.bind(13, copying: hash.bytes)
    }
}
