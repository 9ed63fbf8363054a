/// The tables of one generation of a projection.
///
/// Each table carries its generation's number in its name, and a view without the number shows the live one. So a rebuild fills the next
/// generation beside readers, and becomes live by exchanging the views in one transaction.
struct ViewTables {
    let connection: ViewConnection
    let generation: Int64

    /// The name of a table in this generation.
    subscript(_ table: String) -> String { "\(table)_\(generation)" }

    func statement(_ sql: String) throws(ViewError) -> ViewStatement {
        try ViewStatement(sql, on: connection)
    }

    /// Makes this generation the one that readers see.
    func show(_ tables: [String]) throws(ViewError) {
        for table in tables {
            try connection.execute("DROP VIEW IF EXISTS \(table); CREATE VIEW \(table) AS SELECT * FROM \(self[table])")
        }
    }
}
