import Pathways
import Timekeeping

/// The entries of the to-do lists while a page of events is folded: what stands is held in memory and written once, when the page ends.
///
/// Most entries of a rebuild begin and end within one page (offered in the morning, answered by noon). Written when they end rather than
/// when they begin, they cost one insertion instead of an insertion and a move in the index of the lists. The rows are the same whatever
/// the pages were: the table is clustered by its key.
final class EntryTable {
    /// What stands in whose list, as what.
    struct Line {
        /// `ToDoProjection.referent`, or an addressee.
        let owner: String
        let kind: ToDoItem.Kind
        var since: Instant?
        var answerBy: Instant?
        var wave: Int?
        var team: String?
        var withdrawal: String?
        var named = true
    }

    private struct Entry {
        let from: Int64
        let line: Line
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
            INSERT INTO \(entry)(follow_up, from_position, owner, kind, to_position, since, since_offset, answer_by, answer_by_offset, wave, team,
                withdrawal, named)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """
        )
        close = try tables.statement(
            "UPDATE \(entry) SET to_position = ?5 WHERE follow_up = ?1 AND from_position = ?2 AND owner = ?3 AND kind = ?4"
        )
        standing = try tables.statement(
            """
            SELECT from_position, owner, kind, since, since_offset, answer_by, answer_by_offset, wave, team, withdrawal, named FROM \(entry)
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

    /// Begins an entry at a position. The same owner has a follow-up in one way once: a new offer takes the place of an earlier one.
    func open(_ followUp: Int64, _ position: Int64, _ line: Line) throws {
        try change(followUp) { entries in
            // The same twice in one event is one entry.
            entries.removeAll { $0.from == position && $0.line.owner == line.owner && $0.line.kind == line.kind }
            for index in entries.indices where entries[index].stands && entries[index].line.owner == line.owner {
                if entries[index].line.kind == line.kind { entries[index].to = position }
            }
            entries.append(Entry(from: position, line: line))
        }
    }

    /// Ends what stands and is chosen.
    func close(_ followUp: Int64, _ position: Int64, where isChosen: (Line) -> Bool) throws {
        try change(followUp) { entries in
            for index in entries.indices where entries[index].stands && isChosen(entries[index].line) { entries[index].to = position }
        }
    }

    /// What stands of a follow-up.
    func standing(_ followUp: Int64) throws -> [Line] {
        let entries = try take(followUp)
        defer { touched[followUp] = entries }
        return entries.filter(\.stands).map(\.line)
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
            let line = Line(
                owner: row.string(1),
                kind: kind,
                since: row.optionalInstant(3),
                answerBy: row.optionalInstant(5),
                wave: row.optionalInt(7),
                team: row.optionalString(8),
                withdrawal: row.optionalString(9),
                named: row.int64(10) != 0
            )
            return Entry(from: row.int64(0), line: line, isStored: true)
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
        let line = entry.line
        statement.bind(1, followUp)
        statement.bind(2, entry.from)
        statement.bind(3, line.owner)
        statement.bind(4, line.kind.rawValue)
        statement.bind(5, entry.to)
        if !entry.isStored {
            statement.bind(6, line.since)
            statement.bind(8, line.answerBy)
            if let wave = line.wave { statement.bind(10, wave) } else { statement.bindNull(10) }
            statement.bind(11, line.team)
            statement.bind(12, line.withdrawal)
            statement.bind(13, line.named ? 1 : 0)
        }
        try statement.run()
    }
}
