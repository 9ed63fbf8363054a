/// The head row.
struct StoredHead {
    var position: Int64
    var rootHash: Hash256
    var epoch: Int64
    var frontier: [UInt8]

    /// - Returns: nil if there is no row, or no hash in it.
    static func read(on connection: Connection) throws -> StoredHead? {
        try read(with: connection.prepare(Queries.head))
    }

    /// - Parameter statement: ``Queries/head``, prepared.
    static func read(with statement: Statement) throws -> StoredHead? {
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        guard let root = Hash256(bytes: statement.blob(1)) else { return nil }
        return StoredHead(position: statement.int64(0), rootHash: root, epoch: statement.int64(2), frontier: statement.bytes(3))
    }

    /// The hash of the whole row, which also tells how many commands there are.
    func rowHash(_ commands: CommandTally) -> RowHash {
        var builder = RowHash.Builder(table: "head")
        builder.append(1)
        builder.append(position)
        builder.append(position)
        builder.append(rootHash.bytes)
        builder.append(frontier)
        builder.append(epoch)
        builder.append(commands.count)
        builder.append(commands.sum.bytes)
        return builder.hash
    }
}
