import EventStore
import Testing

/// Sees that a copy is the log: root, every hash, what is remembered of commands.
func expectSame(_ copy: SQLiteEventLog, _ log: SQLiteEventLog, isVerified: Bool = true) throws {
    let (one, other) = (try copy.head(), try log.head())
    #expect(one.position == other.position && one.rootHash == other.rootHash)
    if isVerified { #expect(try copy.verify().problems == []) }
    #expect(try commands(of: copy) == commands(of: log))
}

private func commands(of log: SQLiteEventLog) throws -> [ReplicatedCommand] {
    var commands: [ReplicatedCommand] = []
    var source = try log.replicationSource()
    while let batch = try source.next(limit: 5_000, byteLimit: 64 << 20) { commands += batch.commands }
    return commands
}
