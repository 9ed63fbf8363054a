public import Coordination
import GRDB
public import Pathways
public import Timekeeping

/// The outbox in `reactors.sqlite`. It names people by RPPS and pathways by their stream; losing it costs repeats under the same keys, since
/// what was told is in the log.
public final class SQLiteOutbox: Outbox {
    let database: DatabaseQueue

    /// Makes its tables where they lack. Of a store that is open for reading, one without them reads as empty.
    ///
    /// - Throws: what SQLite says.
    public init(store: SQLiteReactorStore) throws {
        if store.database.configuration.readonly {
            let isThere = try store.database.snapshot { try $0.tableExists("notification_news") }
            database = isThere ? store.database : try DatabaseQueue()
            if !isThere { try Self.migrator.migrate(database) }
        } else {
            database = store.database
            try Self.migrator.migrate(database)
        }
    }

    /// Of this outbox alone: one that is begun anew numbers its messages anew, under another name.
    ///
    /// - Throws: what SQLite says.
    public func name() throws -> String {
        try database.snapshot { try String.fetchOne($0, sql: "SELECT name FROM notification_outbox") ?? "" }
    }

    // MARK: - From the log

    public func take(_ intake: NewsIntake) throws {
        if intake.endings.isEmpty && intake.news.isEmpty { return }
        try database.write { try Self.take(intake, in: $0) }
    }

    // MARK: - One recipient after another

    public func due(at instant: Instant, limit: Int, where isMeant: (String) -> Bool) throws -> [String] {
        try database.snapshot { database in
            let sql = "SELECT recipient FROM notification_look WHERE due IS NOT NULL AND due <= ? ORDER BY due, recipient"
            let rows = try String.fetchCursor(try database.cachedStatement(sql: sql), arguments: [instant.millisecondsSinceEpoch])
            var due: [String] = []
            while due.count < limit, let recipient = try rows.next() {
                if isMeant(recipient) { due.append(recipient) }
            }
            return due
        }
    }

    public func nextLook(where isMeant: (String) -> Bool) throws -> Instant? {
        try database.snapshot { database in
            let sql = "SELECT recipient, due FROM notification_look WHERE due IS NOT NULL ORDER BY due, recipient"
            let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql))
            while let row = try rows.next() { if isMeant(row[0]) { return Instant(millisecondsSinceEpoch: row[1]) } }
            return nil
        }
    }

    public func box(of recipient: String, at instant: Instant, isWhole: Bool) throws -> RecipientBox {
        try database.snapshot { try Self.box(of: recipient, at: instant, isWhole: isWhole, in: $0) }
    }

    public func setLook(_ at: Instant?, for recipient: String, asOf revision: Int64) throws {
        try database.write { database in
            let sql = """
                INSERT INTO notification_look(recipient, due, revision) SELECT ?1, ?2, 0 WHERE ?3 = 0 OR EXISTS
                    (SELECT 1 FROM notification_look WHERE recipient = ?1)
                ON CONFLICT(recipient) DO UPDATE SET due = excluded.due WHERE revision = ?3
                """
            try database.cachedStatement(sql: sql).execute(arguments: [recipient, at?.millisecondsSinceEpoch, revision])
        }
    }

    public func look(at recipient: String, now: Instant) throws {
        try database.write { try Self.touch(recipient, at: now.millisecondsSinceEpoch, in: $0) }
    }

    public func lookAtAll(from now: Instant) throws {
        try database.write { database in
            try database.cachedStatement(sql: "UPDATE notification_look SET due = ?1, revision = revision + 1 WHERE due > ?1")
                .execute(arguments: [now.millisecondsSinceEpoch])
        }
    }

    // MARK: - Messages

    public func form(_ message: OutboxMessage) throws { try database.write { try Self.form(message, in: $0) } }

    @discardableResult
    public func save(_ delivery: Delivery, of message: String) throws -> Delivery? {
        try database.write { try Self.save(delivery, of: message, in: $0) }
    }

    public func end(_ keys: [NewsKey], as fate: NewsFate) throws {
        if keys.isEmpty { return }
        try database.write { database in
            let ids = try keys.compactMap { try Self.row(of: $0, in: database) }.filter(\.isOpen).map(\.id)
            try Self.end(ids, as: fate, at: nil, in: database)
        }
    }

    public func disband(where isMeant: (String) -> Bool) throws {
        try database.write { try Self.disband(where: isMeant, in: $0) }
    }

    public func news(_ keys: [NewsKey]) throws -> [OutboxNews] {
        try database.snapshot { database in try keys.compactMap { try Self.news(of: $0, in: database) } }
    }

    public func message(_ id: String) throws -> OutboxMessage? {
        try database.snapshot { try Self.messages("m.id = ? ORDER BY i.ordinal", [id], in: $0).first?.message }
    }

    public func messages(for recipient: String, after cursor: Int64, limit: Int) throws -> [(number: Int64, message: OutboxMessage)] {
        try database.snapshot { database in
            try Self.messages(
                """
                m.number IN (SELECT number FROM notification_message WHERE recipient = ? AND number > ? ORDER BY number LIMIT ?)
                ORDER BY m.number, i.ordinal
                """,
                [recipient, cursor, max(0, limit)],
                in: database
            )
        }
    }

    // MARK: - Operators

    public func parked() throws -> [OutboxMessage] {
        try database.snapshot { try Self.messages("m.state = 'parked' ORDER BY m.at, m.number, i.ordinal", [], in: $0).map(\.message) }
    }

    public func retry(_ message: String, at instant: Instant) throws -> Bool {
        try database.write { database in
            guard let found = try Self.header(of: message, in: database), case .parked = found.delivery.state else { return false }
            let waiting = Delivery(.waiting(until: instant), mayBeOut: found.delivery.mayBeOut)
            try Self.write(waiting, of: found.number, in: database)
            try Self.touch(found.recipient, at: instant.millisecondsSinceEpoch, in: database)
            try Self.cancelIfEnded(found.number, waiting, at: instant.millisecondsSinceEpoch, in: database)
            return true
        }
    }

    // MARK: - Reconciling

    public func missing(_ keys: [NewsKey]) throws -> [NewsKey] {
        try database.snapshot { database in try keys.filter { try Self.row(of: $0, in: database) == nil } }
    }

    public func counts(at instant: Instant, of isMeant: (String) -> Bool) throws -> OutboxCounts {
        try database.snapshot { try Self.counts(at: instant, of: isMeant, in: $0) }
    }

    public func prune(before instant: Instant) throws { try database.write { try Self.prune(before: instant.millisecondsSinceEpoch, in: $0) } }
}
