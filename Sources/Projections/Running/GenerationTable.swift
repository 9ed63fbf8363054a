import EventStore

/// The generations of tables that `views.sqlite` holds: their rows in `projection`, and the views that show the live ones.
struct GenerationTable {
    /// What a generation is for.
    enum State: String {
        /// Readers see it.
        case live
        /// Was live before; stays until it is dropped.
        case kept
        case building
    }

    struct Row {
        let generation: Int64
        let version: Int64
        let state: State
        let position: Int64
        /// Leaf hash of the event at `position`: empty at 0.
        let leaf: [UInt8]
    }

    let connection: ViewConnection

    /// Oldest first.
    func rows(of name: String) throws -> [Row] {
        let look = try connection.statement(
            "SELECT generation, version, state, position, leaf FROM projection WHERE name = ?1 ORDER BY generation"
        )
        look.bind(1, name)
        return try look.rows { row in
            guard let state = State(rawValue: row.string(2)) else { throw ViewError.damaged(table: "projection") }
            return Row(generation: row.int64(0), version: row.int64(1), state: state, position: row.int64(3), leaf: row.bytes(4))
        }
    }

    /// Creates the tables and the row of a new generation, in the caller's transaction.
    func create(_ projection: any Projection.Type, _ state: State) throws -> Int64 {
        let generation = (try rows(of: projection.name).last?.generation ?? 0) + 1
        let tables = ViewTables(connection: connection, generation: generation)
        for sql in projection.schema(tables) { try connection.execute(sql) }
        if state == .live {
            for sql in projection.indexes(tables) { try connection.execute(sql) }
            try tables.show(projection.tables)
        }
        let insert = try connection.statement(
            "INSERT INTO projection(name, generation, version, state, position, leaf, epoch) VALUES (?1, ?2, ?3, ?4, 0, NULL, 0)"
        )
        insert.bind(1, projection.name)
        insert.bind(2, generation)
        insert.bind(3, projection.version)
        insert.bind(4, state.rawValue)
        try insert.run()
        return generation
    }

    /// Drops the tables, the row and what is parked, in the caller's transaction; if it was live, readers see none.
    func drop(_ projection: any Projection.Type, _ row: Row) throws {
        if row.state == .live { try hide(projection) }
        // The tables of another version may have other names.
        let tables = try connection.statement(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?1"
        )
        let prefixes = Set(projection.tables.map { String($0.prefix { $0 != "_" }) })
        var names: [String] = []
        for prefix in prefixes {
            tables.bind(1, "\(prefix)_*[a-z]_\(row.generation)")
            names += try tables.rows { $0.string(0) }
        }
        for name in names { try connection.execute("DROP TABLE IF EXISTS \(name)") }
        for sql in ["DELETE FROM projection WHERE name = ?1 AND generation = ?2", "DELETE FROM parked WHERE projection = ?1 AND generation = ?2"] {
            let delete = try connection.statement(sql)
            delete.bind(1, projection.name)
            delete.bind(2, row.generation)
            try delete.run()
        }
    }

    func set(_ state: State, _ name: String, generation: Int64) throws {
        let update = try connection.statement("UPDATE projection SET state = ?3 WHERE name = ?1 AND generation = ?2")
        update.bind(1, name)
        update.bind(2, generation)
        update.bind(3, state.rawValue)
        try update.run()
    }

    /// Readers see no generation of this projection, until one is shown.
    func hide(_ projection: any Projection.Type) throws {
        let look = try connection.statement("SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB ?1")
        for prefix in Set(projection.tables.map({ String($0.prefix { $0 != "_" }) })) {
            look.bind(1, "\(prefix)_*")
            for view in try look.rows({ $0.string(0) }) { try connection.execute("DROP VIEW IF EXISTS \(view)") }
        }
    }
}
