/// How many command rows there are, and the sum of their hashes: kept in the head, so that a row that is missing, added or
/// replaced is found although commands are no leaves.
struct CommandTally: Hashable, Sendable {
    var count: Int64 = 0
    var sum = RowHash.zero

    mutating func add(_ hash: RowHash) {
        count += 1
        sum = sum + hash
    }

    mutating func remove(_ hash: RowHash) {
        count -= 1
        sum = sum - hash
    }

    mutating func replace(_ old: RowHash, by new: RowHash) {
        sum = sum - old + new
    }

    /// The tally in the head row; nil if it is not there or not whole.
    static func read(on connection: Connection) throws -> CommandTally? {
        let tally = try connection.prepare(Queries.commandTally)
        guard try tally.step() else { return nil }
        defer { tally.reset() }
        guard let sum = RowHash(bytes: tally.blob(1)) else { return nil }
        return CommandTally(count: tally.int64(0), sum: sum)
    }
}
