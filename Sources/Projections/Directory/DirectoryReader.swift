import Foundation
public import Pathways
import Synchronization

/// Reads the directory, as it stands or as it stood at a position of the log (nil = as far as the view has come).
public struct DirectoryReader: Sendable {
    /// Whose days count before a territory is published.
    static let fallbackZone = TimeZone(identifier: "Europe/Paris") ?? .gmt

    struct TerritoryRow {
        let from: Int64
        let timeZone: TimeZone
        let referent: DirectoryContact
    }

    /// The territory parsed last, by the position of its publication: a file takes milliseconds to read.
    private final class Parsed: Sendable {
        let latest = Mutex<(from: Int64, territory: Territory)?>(nil)
    }

    private let views: Views
    private let parsed = Parsed()

    public init(views: Views) {
        self.views = views
    }

    /// Whether the directory holds this RPPS, the référent-parcours included: only such an actor may act.
    public func isKnown(_ rpps: String, asOf position: Int64? = nil) throws -> Bool {
        try read(position) { connection, position in
            let look = try connection.statement(Self.known)
            look.bind(1, rpps)
            look.bind(2, position)
            if try look.first({ _ in true }) == true { return true }
            return try territoryRow(connection, position)?.referent.rpps == rpps
        }
    }

    /// Given and family name; that of earlier for somebody who is no longer in the directory. Nil if they never were.
    public func name(of rpps: String, asOf position: Int64? = nil) throws -> String? {
        try read(position) { try name(of: rpps, $0, $1) }
    }

    /// The teams that a professional belongs to, by id.
    public func teams(of rpps: String, asOf position: Int64? = nil) throws -> [DirectoryTeam] {
        try read(position) { try teams(of: rpps, $0, $1) }
    }

    /// The name of a commune, by its COG code.
    public func communeName(of code: String, asOf position: Int64? = nil) throws -> String? {
        try read(position) { try communeName(of: code, $0, $1) }
    }

    /// The référent-parcours; nil before a territory is published.
    public func referent(asOf position: Int64? = nil) throws -> DirectoryContact? {
        try read(position) { try territoryRow($0, $1)?.referent }
    }

    /// Everybody in the directory, by name and RPPS.
    public func professionals(asOf position: Int64? = nil) throws -> [DirectoryProfessional] {
        try read(position) { connection, position in
            let look = try connection.statement(
                """
                SELECT rpps, family, given, role, phone, from_position, to_position FROM directory_professional
                WHERE from_position <= ?1 AND to_position > ?1 ORDER BY family, given, rpps
                """
            )
            look.bind(1, position)
            return try look.rows { row in
                DirectoryProfessional(
                    rpps: row.string(0),
                    family: row.string(1),
                    given: row.string(2),
                    role: CareRole(rawValue: row.string(3)),
                    phone: row.optionalString(4),
                    from: row.int64(5),
                    to: row.int64(6) == DirectoryProjection.open ? nil : row.int64(6)
                )
            }
        }
    }

    /// The territory as published, whole; nil before.
    public func territory(asOf position: Int64? = nil) throws -> Territory? {
        try read(position) { connection, position in
            guard let from = try territoryRow(connection, position)?.from else { return nil }
            if let latest = parsed.latest.withLock({ $0 }), latest.from == from { return latest.territory }
            let look = try connection.statement("SELECT content FROM directory_territory WHERE from_position = ?1")
            look.bind(1, from)
            guard let content = try look.first({ $0.string(0) }) else { return nil }
            let territory = try TerritoryFile.parse(yaml: content, file: "territory")
            parsed.latest.withLock { $0 = (from, territory) }
            return territory
        }
    }

    // MARK: - Inside another read

    static let known = "SELECT 1 FROM directory_professional WHERE rpps = ?1 AND from_position <= ?2 AND to_position > ?2"
    static let professionalName = """
        SELECT given, family FROM directory_professional WHERE rpps = ?1 AND from_position <= ?2 ORDER BY from_position DESC LIMIT 1
        """
    static let commune = "SELECT name FROM directory_commune WHERE code = ?1 AND from_position <= ?2 ORDER BY from_position DESC LIMIT 1"
    static let teamName = "SELECT name FROM directory_team WHERE id = ?1 AND from_position <= ?2 ORDER BY from_position DESC LIMIT 1"
    static let teams = """
        SELECT t.id, t.name FROM directory_member AS m JOIN directory_team AS t ON t.id = m.team AND t.from_position <= ?2 AND t.to_position > ?2
        WHERE m.rpps = ?1 AND m.from_position <= ?2 AND m.to_position > ?2 ORDER BY t.id
        """
    static let latest = """
        SELECT from_position, time_zone, referent, referent_name, referent_phone FROM directory_territory
        WHERE from_position <= ?1 ORDER BY from_position DESC LIMIT 1
        """

    func name(of rpps: String, _ connection: ViewConnection, _ position: Int64) throws -> String? {
        let look = try connection.statement(Self.professionalName)
        look.bind(1, rpps)
        look.bind(2, position)
        if let name = try look.first({ "\($0.string(0)) \($0.string(1))" }) { return name }
        let referent = try territoryRow(connection, position)?.referent
        return referent?.rpps == rpps ? referent?.name : nil
    }

    func teams(of rpps: String, _ connection: ViewConnection, _ position: Int64) throws -> [DirectoryTeam] {
        let look = try connection.statement(Self.teams)
        look.bind(1, rpps)
        look.bind(2, position)
        return try look.rows { DirectoryTeam(id: $0.string(0), name: $0.string(1)) }
    }

    /// That of earlier for a team that is no longer in the directory; the id if it never was.
    func team(_ id: String, _ connection: ViewConnection, _ position: Int64) throws -> DirectoryTeam {
        let look = try connection.statement(Self.teamName)
        look.bind(1, id)
        look.bind(2, position)
        return DirectoryTeam(id: id, name: try look.first { $0.string(0) } ?? id)
    }

    func communeName(of code: String, _ connection: ViewConnection, _ position: Int64) throws -> String? {
        let look = try connection.statement(Self.commune)
        look.bind(1, code)
        look.bind(2, position)
        return try look.first { $0.string(0) }
    }

    func territoryRow(_ connection: ViewConnection, _ position: Int64) throws -> TerritoryRow? {
        let look = try connection.statement(Self.latest)
        look.bind(1, position)
        return try look.first { row in
            TerritoryRow(
                from: row.int64(0),
                timeZone: TimeZone(identifier: row.string(1)) ?? Self.fallbackZone,
                referent: DirectoryContact(rpps: row.string(2), name: row.string(3), phone: row.optionalString(4))
            )
        }
    }

    private func read<Value>(_ position: Int64?, _ body: (ViewConnection, Int64) throws -> Value) throws -> Value {
        try views.read { connection in
            try body(connection, try connection.position(of: DirectoryProjection.name, asOf: position))
        }
    }
}
