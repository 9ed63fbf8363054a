/// Makes a connection keep what it commits, and checks that it will.
enum Durability {
    /// Sets WAL and `synchronous = FULL`.
    static func demand(of connection: Connection) throws {
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = FULL")
    }

    /// Reads the settings back: a layer in between may have lowered them without a word.
    ///
    /// - Throws: ``EventStoreError`` `durabilityLowered` unless the journal is a WAL and `synchronous` is 2 (FULL) exactly.
    static func check(on connection: Connection) throws {
        let journal = try connection.text("PRAGMA journal_mode") ?? "none"
        let synchronous = try connection.integer("PRAGMA synchronous") ?? 0
        guard journal == "wal", synchronous == 2 else {
            throw EventStoreError(
                .durabilityLowered,
                "The log's connection reads back journal_mode \(journal), synchronous \(synchronous) instead of wal, 2: not starting."
            )
        }
    }
}
