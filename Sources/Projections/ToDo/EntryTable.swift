import Timekeeping

/// The entries of the to-do lists while a page of events is folded: what stands is held in memory and written once, when the page ends.
///
/// Most entries of a rebuild begin and end within one page (offered in the morning, answered by noon). Written when they end rather than
/// when they begin, they cost one insertion instead of an insertion and a move in the index of the lists. The rows are the same whatever
/// the pages were: the table is clustered by its key.
final class EntryTable {
    private struct Entry {
        let from: Int64
        let owner: String
        let kind: ToDoItem.Kind
        let answerBy: Instant?
        let withdrawal: String?
        let named: Bool
        var to = ToDoProjection.open
        var isStored = false

        var stands: Bool { to == ToDoProjection.open }
    }

    private let insert: ViewStatement
    private let close: ViewStatement
    private let standing: ViewStatement
    private let delete: ViewStatement
    /// The entries of the follow-ups that this page touches, those included that it ended.
    private var touched: [Int64: [Entry]] = [:]
    /// What stands of follow-ups touched lately, as stored.
    private var recent = RecentCache<Int64, [Entry]>(capacity: 2_048)

    init(_ tables: ViewTables) throws {
        let entry = tables["todo_entry"]
        insert = try tables.statement(
            """
            INSERT INTO \(entry)(follow_up, from_position, owner, kind, to_position, answer_by, answer_by_offset, withdrawal, named)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """
        )
        close = try tables.statement(
            "UPDATE \(entry) SET to_position = ?5 WHERE follow_up = ?1 AND from_position = ?2 AND owner = ?3 AND kind = ?4"
        )
        standing = try tables.statement(
            """
            SELECT from_position, owner, kind, answer_by, answer_by_offset, withdrawal, named FROM \(entry)
            WHERE follow_up = ?1 AND to_position = \(ToDoProjection.open)
            """
        )
        delete = try tables.statement("DELETE FROM \(entry) WHERE follow_up = ?1")
    }

    func forget() {
        touched = [:]
        recent.removeAll()
    }

    // MARK: - Changing

    /// Begins an entry at a position.
    func open(
        _ followUp: Int64,
        _ position: Int64,
        owner: String,
        _ kind: ToDoItem.Kind,
        answerBy: Instant? = nil,
        withdrawal: String? = nil,
        named: Bool = true
    ) throws {
        try change(followUp) { entries in
            // The same twice in one event is one entry.
            entries.removeAll { $0.from == position && $0.owner == owner && $0.kind == kind }
            entries.append(Entry(from: position, owner: owner, kind: kind, answerBy: answerBy, withdrawal: withdrawal, named: named))
        }
    }

    /// Ends what stands and is chosen.
    func close(_ followUp: Int64, _ position: Int64, where isChosen: (_ owner: String, _ kind: ToDoItem.Kind) -> Bool) throws {
        try change(followUp) { entries in
            for index in entries.indices where entries[index].stands && isChosen(entries[index].owner, entries[index].kind) {
                entries[index].to = position
            }
        }
    }

    /// Whether a follow-up is open: nobody has accepted it, and it has not ended.
    func isOpen(_ followUp: Int64) throws -> Bool {
        try look(followUp) { entries in entries.contains { $0.stands && $0.kind == .owned } }
    }

    /// Whether a follow-up has not ended: somebody has it before them, or nobody yet.
    func isPending(_ followUp: Int64) throws -> Bool {
        try look(followUp) { entries in entries.contains { $0.stands && ($0.kind == .owned || $0.kind == .accepted) } }
    }

    /// Whether somebody who has this follow-up in their list knows whose it is.
    func knowsTheName(_ owner: String, of followUp: Int64) throws -> Bool {
        try look(followUp) { entries in entries.contains { $0.stands && $0.owner == owner && $0.named } }
    }

    private func look(_ followUp: Int64, _ body: ([Entry]) -> Bool) throws -> Bool {
        let entries = try take(followUp)
        defer { touched[followUp] = entries }
        return body(entries)
    }

    private func change(_ followUp: Int64, _ body: (inout [Entry]) -> Void) throws {
        var entries = try take(followUp)
        body(&entries)
        touched[followUp] = entries
    }

    private func take(_ followUp: Int64) throws -> [Entry] {
        if let entries = touched.removeValue(forKey: followUp) ?? recent.take(followUp) { return entries }
        standing.bind(1, followUp)
        return try standing.rows { row in
            guard let kind = ToDoItem.Kind(rawValue: row.string(2)) else { throw ViewError.damaged(table: "todo_entry") }
            return Entry(
                from: row.int64(0),
                owner: row.string(1),
                kind: kind,
                answerBy: row.optionalInstant(3),
                withdrawal: row.optionalString(5),
                named: row.int64(6) != 0,
                isStored: true
            )
        }
    }

    /// Tells that a follow-up is new, so that nothing is looked for in the table.
    func begin(_ followUp: Int64) {
        touched[followUp] = []
    }

    // MARK: - Writing

    /// Drops every entry of a follow-up, written or not.
    func erase(_ followUp: Int64) throws {
        touched[followUp] = nil
        _ = recent.take(followUp)
        delete.bind(1, followUp)
        try delete.run()
    }

    /// Writes what the page changed, in the order of the table.
    func flush() throws {
        for followUp in touched.keys.sorted() {
            var kept: [Entry] = []
            for var entry in touched[followUp] ?? [] {
                try write(followUp, entry)
                entry.isStored = true
                if entry.stands { kept.append(entry) }
            }
            recent.put(kept, for: followUp)
        }
        touched.removeAll(keepingCapacity: true)
    }

    private func write(_ followUp: Int64, _ entry: Entry) throws {
        // What one event both began and ended was never in a list.
        if entry.from == entry.to || (entry.isStored && entry.stands) { return }
        let statement = entry.isStored ? close : insert
        statement.bind(1, followUp)
        statement.bind(2, entry.from)
        statement.bind(3, entry.owner)
        statement.bind(4, entry.kind.rawValue)
        statement.bind(5, entry.to)
        if !entry.isStored {
            statement.bind(6, entry.answerBy)
            statement.bind(8, entry.withdrawal)
            statement.bind(9, entry.named ? 1 : 0)
        }
        try statement.run()
    }
}
