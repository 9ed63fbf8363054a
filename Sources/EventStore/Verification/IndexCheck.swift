import GRDBSQLite

/// Whether the indexes of a table hold exactly its rows, in order.
///
/// SQLite's integrity check looks each row up in each index. Here the table and each index are read once, in their own order,
/// and sums of a keyed hash over their entries are compared: several times faster, and equal sums of other entries cannot be
/// contrived, since the key is drawn anew in each process.
struct IndexCheck {
    struct Index {
        var name: String
        /// Columns of an entry, before the row's number.
        var columns: [String]
        /// Of a partial index.
        var condition = "true"
    }

    private let table: String
    private let indexes: [Index]

    /// All tables of the log that have indexes beside their own b-tree.
    static let all = [
        IndexCheck(
            table: "event",
            indexes: [
                Index(name: "sqlite_autoindex_event_1", columns: ["id"]),
                Index(name: "sqlite_autoindex_event_2", columns: ["stream", "version"]),
            ]
        ),
        IndexCheck(table: "stream", indexes: [Index(name: "sqlite_autoindex_stream_1", columns: ["name"])]),
        IndexCheck(
            table: "command",
            indexes: [
                Index(name: "command_by_digest", columns: ["digest"]),
                Index(name: "command_repeated", columns: ["scope"], condition: "repeats > 0"),
                Index(name: "command_reused", columns: ["scope"], condition: "reuses > 0"),
            ]
        ),
    ]

    /// How many entries there are, and the sum of their hashes.
    private struct Tally: Equatable {
        var count = 0
        var sum = 0

        mutating func add(_ row: Statement, _ columns: Range<Int32>, number: Int32) {
            var hasher = Hasher()
            for column in columns {
                if row.type(column) == SQLITE_INTEGER {
                    hasher.combine(row.int64(column))
                } else {
                    hasher.combine(row.type(column))
                    hasher.combine(bytes: row.blob(column))
                }
            }
            hasher.combine(row.int64(number))
            count += 1
            sum &+= hasher.finalize()
        }
    }

    /// What is wrong with the indexes.
    func problems(on connection: Connection) throws -> [String] {
        let rows = try talliesOfTable(on: connection)
        return try zip(indexes, rows).compactMap { index, rows in
            guard let entries = try tally(of: index, on: connection) else { return "index \(index.name) is not in order" }
            return entries == rows ? nil : "index \(index.name) does not hold the rows of \(table)"
        }
    }

    /// For each index, the tally its entries should have.
    private func talliesOfTable(on connection: Connection) throws -> [Tally] {
        let wanted = indexes.map { ($0.columns + [$0.condition]).joined(separator: ", ") }.joined(separator: ", ")
        let rows = try connection.prepare("SELECT rowid, \(wanted) FROM \(table) NOT INDEXED ORDER BY rowid")
        var tallies = [Tally](repeating: Tally(), count: indexes.count)
        while try rows.step() {
            var first: Int32 = 1
            for number in indexes.indices {
                let end = first + Int32(indexes[number].columns.count)
                if rows.int64(end) != 0 { tallies[number].add(rows, first..<end, number: 0) }
                first = end + 1
            }
        }
        return tallies
    }

    /// The tally of an index's entries; nil if they are not in ascending order.
    private func tally(of index: Index, on connection: Connection) throws -> Tally? {
        let columns = index.columns.joined(separator: ", ")
        let entries = try connection.prepare(
            "SELECT \(columns), rowid FROM \(table) INDEXED BY \(index.name) WHERE \(index.condition) ORDER BY \(columns), rowid"
        )
        let number = Int32(index.columns.count)
        var tally = Tally()
        var previous = IndexEntry(columnCount: number + 1)
        while try entries.step() {
            guard previous.advance(to: entries) else { return nil }
            tally.add(entries, 0..<number, number: number)
        }
        return tally
    }
}
