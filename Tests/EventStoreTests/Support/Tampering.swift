@testable import EventStore

/// Does what someone with the file can do, and leaves no trace but the change.
enum Tampering {
    /// Drops the triggers, runs `body`, and creates the triggers as they were.
    static func change(_ path: String, _ body: (Connection) throws -> Void) throws {
        let connection = try Connection(path: path, access: .writing)
        var triggers: [(name: String, sql: String)] = []
        let list = try connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        while try list.step() { triggers.append((list.string(0), list.string(1))) }
        for trigger in triggers { try connection.execute("DROP TRIGGER \(trigger.name)") }
        try connection.execute("PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")
        try body(connection)
        for trigger in triggers { try connection.execute(trigger.sql) }
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
}
