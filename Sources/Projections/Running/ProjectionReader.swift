/// What is known of the projections from their file: for status commands and readiness checks, in any process.
public struct ProjectionReader: Sendable {
    let views: Views

    public init(views: Views) {
        self.views = views
    }

    /// Every projection, by name.
    public func status() throws -> [ProjectionStatus] {
        try views.read { connection in
            // What readers see, else what has come furthest.
            let look = try connection.statement(
                """
                SELECT name, version, position,
                    (SELECT max(position) FROM projection AS next WHERE next.name = p.name AND next.state = 'building'),
                    (SELECT count(*) FROM parked WHERE parked.projection = p.name AND parked.generation = p.generation),
                    state
                FROM projection AS p WHERE generation = (
                    SELECT generation FROM projection AS best WHERE best.name = p.name ORDER BY state = 'live' DESC, position DESC, generation DESC
                ) ORDER BY name
                """
            )
            return try look.rows {
                ProjectionStatus(
                    name: $0.string(0),
                    version: $0.int64(1),
                    position: $0.int64(2),
                    rebuilding: $0.isNull(3) ? nil : $0.int64(3),
                    parked: $0.int64(4),
                    isShown: $0.string(5) == ProjectionGeneration.State.live.rawValue
                )
            }
        }
    }

    /// Every generation of every projection, by name and age, with what it holds and takes. It counts rows: not for each page view.
    public func generations() throws -> [ProjectionGeneration] {
        try views.read { connection in
            let look = try connection.statement("SELECT name, generation, version, state, position FROM projection ORDER BY name, generation")
            let found = try look.rows { ($0.string(0), $0.int64(1), $0.int64(2), $0.string(3), $0.int64(4)) }
            return try found.compactMap { name, number, version, state, position in
                guard let projection = ProjectionRunner.projections.first(where: { $0.name == name }),
                    let state = ProjectionGeneration.State(rawValue: state)
                else { return nil }
                let tables = projection.tables.map { "\($0)_\(number)" }
                return ProjectionGeneration(
                    projection: name,
                    number: number,
                    version: version,
                    state: state,
                    position: position,
                    rows: try tables.reduce(0) { $0 + (try Self.count($1, connection)) },
                    bytes: Self.bytes(of: tables, connection)
                )
            }
        }
    }

    /// 0 for a table that another version does not have.
    private static func count(_ table: String, _ connection: ViewConnection) throws -> Int64 {
        let exists = try connection.statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")
        exists.bind(1, table)
        guard try exists.first({ _ in true }) == true else { return 0 }
        return try connection.statement("SELECT count(*) FROM \(table)").first { $0.int64(0) } ?? 0
    }

    private static func bytes(of tables: [String], _ connection: ViewConnection) -> Int64? {
        // The virtual table is an option of SQLite's build.
        guard
            let look = try? connection.statement(
                "SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?1)"
            )
        else { return nil }
        var total: Int64 = 0
        for table in tables {
            look.bind(1, table)
            guard let size = try? look.first({ $0.int64(0) }) else { return nil }
            total += size
        }
        return total
    }

    /// What the live projections could not take in, by projection and position.
    public func parked() throws -> [ParkedEvent] {
        try views.read { connection in
            let look = try connection.statement(
                """
                SELECT parked.projection, parked.position, stream, type, problem FROM parked
                JOIN projection ON name = parked.projection AND projection.generation = parked.generation AND state = 'live'
                ORDER BY parked.projection, parked.position
                """
            )
            return try look.rows {
                guard let stream = try $0.stream(2) else { throw ViewError.damaged(table: "parked") }
                return ParkedEvent(projection: $0.string(0), position: $0.int64(1), stream: stream, type: $0.string(3), problem: $0.string(4))
            }
        }
    }
}
