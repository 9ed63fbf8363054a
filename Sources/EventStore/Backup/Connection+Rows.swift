/// Copying rows from one database to another, whatever their columns.
extension Connection {
    /// A statement that puts a row of `rows` into `table`, in place of one with the same key.
    func insertion(of rows: Statement, into table: String) throws -> Statement {
        let parameters = (0..<rows.columnCount).map { "?\($0 + 1)" }.joined(separator: ", ")
        // Replacing fires no trigger against deletion, unless recursive triggers are on; here they are off.
        return try prepare("INSERT OR REPLACE INTO \(table) VALUES (\(parameters))")
    }

    /// Copies every row that `rows` gives.
    func insertAll(_ rows: Statement, into table: String) throws {
        let insert = try insertion(of: rows, into: table)
        while try rows.step() {
            insert.bindRow(of: rows)
            try insert.run()
        }
    }
}

extension Statement {
    /// Binds the columns of the row that `row` stands on, in their order.
    func bindRow(of row: Statement) {
        for column in 0..<row.columnCount { bind(column + 1, copying: column, of: row) }
    }

    /// The number of a column of the result.
    func column(named name: String) throws -> Int32 {
        for column in 0..<columnCount where columnName(column) == name { return column }
        throw EventStoreError(.corrupted, "A table of the log has no column \(name): run verify.")
    }
}
