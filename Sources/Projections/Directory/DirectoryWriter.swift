import EventStore
import Pathways

/// Folds publications into the tables of the directory: a row that says the same as before goes on, any other ends.
final class DirectoryWriter: ProjectionWriter {
    /// A row of a person or a place: its key, then what it says.
    private typealias Line = [String?]

    private let insertTerritory: ViewStatement
    private let closeTerritory: ViewStatement
    private let professionals: Lines
    private let communes: Lines
    private let teams: Lines
    private let members: Lines

    init(_ tables: ViewTables) throws {
        let territory = tables["directory_territory"]
        insertTerritory = try tables.statement(
            """
            INSERT INTO \(territory)(from_position, to_position, id, name, time_zone, referent, referent_name, referent_phone, content)
            VALUES (?1, \(DirectoryProjection.open), ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
        )
        closeTerritory = try tables.statement("UPDATE \(territory) SET to_position = ?1 WHERE to_position = \(DirectoryProjection.open)")
        professionals = try Lines(tables, "directory_professional", key: ["rpps"], columns: ["family", "given", "role", "phone"])
        communes = try Lines(tables, "directory_commune", key: ["code"], columns: ["name"])
        teams = try Lines(tables, "directory_team", key: ["id"], columns: ["name"])
        members = try Lines(tables, "directory_member", key: ["rpps", "team"], columns: [])
    }

    func forget() {}

    /// A publication is about professionals and places, never about a patient.
    func erase(_ stream: StreamID) throws {}

    func handle(_ opened: OpenedEvent) throws {
        guard case .territoryPublished(let body) = opened.event else { return }
        let territory: Territory
        do {
            territory = try TerritoryFile.parse(yaml: body.content, file: "territory")
        } catch {
            throw UnreadableEvent(problem: "holds a territory file that this release cannot read")
        }
        closeTerritory.bind(1, opened.position)
        try closeTerritory.run()
        insertTerritory.bind(1, opened.position)
        insertTerritory.bind(2, territory.id)
        insertTerritory.bind(3, territory.name)
        insertTerritory.bind(4, territory.timeZone)
        insertTerritory.bind(5, territory.referent.rpps.value)
        insertTerritory.bind(6, territory.referent.name)
        insertTerritory.bind(7, territory.referent.phone)
        insertTerritory.bind(8, body.content)
        try insertTerritory.run()
        try professionals.replace(
            with: territory.professionals.map { [$0.rpps.value, $0.family, $0.given, $0.role.rawValue, $0.phone] },
            at: opened.position
        )
        try communes.replace(with: territory.communes.map { [$0.code.value, $0.name] }, at: opened.position)
        try teams.replace(with: territory.teams.map { [$0.id, $0.name] }, at: opened.position)
        try members.replace(with: territory.teams.flatMap { team in team.members.map { [$0.value, team.id] } }, at: opened.position)
    }

    /// A table of persons, places or teams with the positions from and to which each row holds.
    private struct Lines {
        private let standing: ViewStatement
        private let insert: ViewStatement
        private let close: ViewStatement
        private let keys: Int
        private let width: Int32

        init(_ tables: ViewTables, _ table: String, key: [String], columns: [String]) throws {
            let open = DirectoryProjection.open
            let all = key + columns
            keys = key.count
            width = Int32(all.count)
            standing = try tables.statement(
                "SELECT \(all.joined(separator: ", ")) FROM \(tables[table]) WHERE to_position = \(open) ORDER BY \(key.joined(separator: ", "))"
            )
            insert = try tables.statement(
                """
                INSERT INTO \(tables[table])(\(all.joined(separator: ", ")), from_position, to_position)
                VALUES (\(all.indices.map { "?\($0 + 1)" }.joined(separator: ", ")), ?\(all.count + 1), \(open))
                """
            )
            let isKey = key.enumerated().map { "\($1) = ?\($0 + 2)" }.joined(separator: " AND ")
            close = try tables.statement("UPDATE \(tables[table]) SET to_position = ?1 WHERE \(isKey) AND to_position = \(open)")
        }

        func replace(with lines: [Line], at position: Int64) throws {
            let before = Set(try standing.rows { row in (0..<width).map { row.optionalString($0) } })
            let after = Set(lines)
            // A line is ended before another of the same key begins.
            for line in before.subtracting(after) {
                close.bind(1, position)
                for (index, value) in line.prefix(keys).enumerated() { close.bind(Int32(index + 2), value) }
                try close.run()
            }
            for line in after.subtracting(before) {
                for (index, value) in line.enumerated() { insert.bind(Int32(index + 1), value) }
                insert.bind(width + 1, position)
                try insert.run()
            }
        }
    }
}
