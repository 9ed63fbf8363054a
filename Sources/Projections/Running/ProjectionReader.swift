public import EventStore

/// What is known of the projections from their file: for status commands and readiness checks, in any process.
public struct ProjectionReader: Sendable {
    private let views: Views

    public init(views: Views) {
        self.views = views
    }

    /// Every projection, by name.
    public func status() throws -> [ProjectionStatus] {
        try views.read { connection in
            let look = try connection.statement(
                """
                SELECT name, version, position,
                    (SELECT max(position) FROM projection AS next WHERE next.name = projection.name AND next.live = 0),
                    (SELECT count(*) FROM parked WHERE parked.projection = projection.name AND parked.generation = projection.generation)
                FROM projection WHERE live = 1 ORDER BY name
                """
            )
            return try look.rows {
                ProjectionStatus(
                    name: $0.string(0),
                    version: $0.int64(1),
                    position: $0.int64(2),
                    rebuilding: $0.isNull(3) ? nil : $0.int64(3),
                    parked: $0.int64(4)
                )
            }
        }
    }

    /// What the live projections could not take in, by projection and position.
    public func parked() throws -> [ParkedEvent] {
        try views.read { connection in
            let look = try connection.statement(
                """
                SELECT parked.projection, parked.position, stream, type, problem FROM parked
                JOIN projection ON name = parked.projection AND projection.generation = parked.generation AND live = 1
                ORDER BY parked.projection, parked.position
                """
            )
            return try look.rows {
                guard let stream = StreamID(bytes: $0.bytes(2)) else { throw ViewError.damaged(table: "parked") }
                return ParkedEvent(projection: $0.string(0), position: $0.int64(1), stream: stream, type: $0.string(3), problem: $0.string(4))
            }
        }
    }

    /// A digest of every row of a projection's tables, in their order: the same for tables that are the same byte for byte.
    public func digest(of name: String) throws -> Hash256 {
        guard let projection = ProjectionRunner.projections.first(where: { $0.name == name }) else { throw ViewError.unknownProjection(name) }
        return try views.read { connection in
            var digest = Hash256.of([])
            for table in projection.tables {
                digest = Hash256.of(digest.bytes + Array(table.utf8))
                let rows = try connection.statement("SELECT * FROM \(table)")
                defer { rows.reset() }
                while try rows.step() {
                    var bytes = digest.bytes
                    for column in 0..<rows.columnCount { rows.appendStored(column, to: &bytes) }
                    digest = Hash256.of(bytes)
                }
            }
            return digest
        }
    }
}
