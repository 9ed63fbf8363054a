public import EventStore

extension ProjectionReader {
    /// A digest of every row of a projection's live tables, in the order of their keys: the same for tables that say the same byte for
    /// byte. Streams stand in it, and are ordered, by their ids: their numbers are those of one file.
    ///
    /// - Throws: `ViewError.unknownProjection`, or `.beingBuilt` if readers see none of it.
    public func digest(of name: String) throws -> Hash256 {
        guard let projection = ProjectionRunner.projections.first(where: { $0.name == name }) else { throw ViewError.unknownProjection(name) }
        return try views.read { connection in
            let tables = ViewTables(connection: connection, generation: try Self.liveGeneration(of: name, connection))
            var digest = Hash256.of([])
            for table in projection.tables {
                digest = Hash256.of(digest.bytes + Array(table.utf8))
                let rows = try tables.statement(Self.dump(of: tables[table], connection))
                while try rows.step() {
                    var bytes = digest.bytes
                    for column in 0..<rows.columnCount { rows.appendStored(column, to: &bytes) }
                    digest = Hash256.of(bytes)
                }
            }
            return digest
        }
    }

    private static func liveGeneration(of name: String, _ connection: ViewConnection) throws -> Int64 {
        let look = try connection.statement("SELECT generation FROM projection WHERE name = ?1 AND state = 'live'")
        look.bind(1, name)
        if let generation = try look.first({ $0.int64(0) }) { return generation }
        throw ViewError.beingBuilt(projection: name, position: try connection.position(of: name))
    }

    /// Reads all columns of a table by its primary key, with ids for the columns that refer to `stream`.
    private static func dump(of table: String, _ connection: ViewConnection) throws -> String {
        let references = try connection.statement("SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE \"table\" = 'stream'")
        references.bind(1, table)
        let streams = Set(try references.rows { $0.string(0) })
        let look = try connection.statement("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid")
        look.bind(1, table)
        let columns = try look.rows { row in
            let name = row.string(0)
            let value = streams.contains(name) ? "(SELECT id FROM stream WHERE number = dumped.\(name))" : "dumped.\(name)"
            return (value: value, key: row.int64(1))
        }
        let keys = columns.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.value)
        return "SELECT \(columns.map(\.value).joined(separator: ", ")) FROM \(table) AS dumped ORDER BY \(keys.joined(separator: ", "))"
    }
}
