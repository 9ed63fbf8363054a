import Pathways

/// The directory, as published: who is whom and where, from which position of the log to which.
enum DirectoryProjection: Projection {
    static let name = "directory"
    static let version: Int64 = 2
    static let interests: Set<String> = [TerritoryPublished.type]
    static let tables = ["directory_territory", "directory_professional", "directory_commune", "directory_team", "directory_member"]

    /// `to_position` of a row that still holds.
    static let open = Int64.max

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
        try DirectoryWriter(tables)
    }

    static func schema(_ tables: ViewTables) -> [String] {
        [
            """
            CREATE TABLE \(tables["directory_territory"])(
                from_position INTEGER PRIMARY KEY,
                to_position INTEGER NOT NULL,
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                time_zone TEXT NOT NULL,
                referent TEXT NOT NULL,
                referent_name TEXT NOT NULL,
                referent_phone TEXT,
                content TEXT NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE \(tables["directory_professional"])(
                rpps TEXT NOT NULL,
                from_position INTEGER NOT NULL,
                to_position INTEGER NOT NULL,
                family TEXT NOT NULL,
                given TEXT NOT NULL,
                role TEXT NOT NULL,
                phone TEXT,
                PRIMARY KEY (rpps, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE \(tables["directory_commune"])(
                code TEXT NOT NULL,
                from_position INTEGER NOT NULL,
                to_position INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (code, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE \(tables["directory_team"])(
                id TEXT NOT NULL,
                from_position INTEGER NOT NULL,
                to_position INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (id, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            // By whom: the list of a professional begins with the teams they belong to.
            """
            CREATE TABLE \(tables["directory_member"])(
                rpps TEXT NOT NULL,
                team TEXT NOT NULL,
                from_position INTEGER NOT NULL,
                to_position INTEGER NOT NULL,
                PRIMARY KEY (rpps, team, from_position)
            ) STRICT, WITHOUT ROWID
            """,
        ]
    }
}
