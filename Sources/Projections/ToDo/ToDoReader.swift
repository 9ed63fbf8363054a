import EventStore
import Pathways
public import Timekeeping

/// Reads to-do lists, as they stand or as they stood.
public struct ToDoReader: Sendable {
    private let views: Views
    private let directory: DirectoryReader

    public init(views: Views) {
        self.views = views
        directory = DirectoryReader(views: views)
    }

    /// The to-do list of a professional.
    ///
    /// The référent-parcours has, beside their own, everything that nobody has accepted; who that is, is read at the same position.
    ///
    /// - Parameters:
    ///   - rpps: somebody whom nothing concerns has an empty list.
    ///   - position: as it stood there; nil = as far as the view has come.
    ///   - now: what lateness and buckets are computed from.
    /// - Throws: `ViewError.behind` if the view has not reached `position`.
    public func list(rpps: String, asOf position: Int64? = nil, now: Instant) throws -> ToDoList {
        try views.read { connection in
            let position = try connection.position(of: ToDoProjection.name, asOf: position)
            // Names of people and places come from there.
            _ = try connection.position(of: DirectoryProjection.name)
            let territory = try directory.territoryRow(connection, position)
            let isReferent = territory?.referent.rpps == rpps
            var items = try entries(of: rpps, connection, position, now)
            if isReferent { items += try entries(of: ToDoProjection.referent, connection, position, now) }
            return ToDoList(
                professional: rpps,
                name: try directory.name(of: rpps, connection, position),
                position: position,
                now: now,
                timeZone: territory?.timeZone ?? DirectoryReader.fallbackZone,
                isReferent: isReferent,
                referent: territory?.referent,
                items: items.sorted()
            )
        }
    }

    // MARK: - Queries

    /// One owner's entries that stand at a position. Who a patient is, is hidden also in the past while they oppose today. `?1` owner, `?2` position.
    static let entries = """
        SELECT e.follow_up, e.kind, e.answer_by, e.answer_by_offset, e.withdrawal, e.named,
            f.id, f.pathway, f.protocol, f.rule, f.protocol_version, f.role, f.title, f.priority,
            f.due_from, f.due_from_offset, f.due_by, f.due_by_offset,
            s.basis, s.reason, s.commune,
            v.visit, v.unit, v.discharged_at, v.discharged_at_offset, v.status, v.destination,
            p.birth_name, p.used_name, p.given_name, p.birth_date, p.sex, p.phone, p.address, p.postal_code, p.city,
            max(p.masked, coalesce((SELECT masked FROM todo_patient WHERE patient = v.patient ORDER BY from_position DESC LIMIT 1), 0))
        FROM todo_entry e
        JOIN todo_follow_up f ON f.number = e.follow_up
        LEFT JOIN todo_solicitation s ON s.follow_up = e.follow_up AND s.from_position =
            (SELECT max(from_position) FROM todo_solicitation WHERE follow_up = e.follow_up AND from_position <= ?2)
        LEFT JOIN todo_visit v ON v.from_position =
            (SELECT max(from_position) FROM todo_visit WHERE pathway = f.pathway AND from_position <= ?2)
        LEFT JOIN todo_patient p ON p.from_position =
            (SELECT max(from_position) FROM todo_patient WHERE patient = v.patient AND from_position <= ?2)
        WHERE e.owner = ?1 AND e.to_position > ?2 AND e.from_position <= ?2
        """

    /// Who is asked for a follow-up at a position. `?1` its number, `?2` position.
    static let asked = """
        SELECT owner, answer_by, answer_by_offset FROM todo_entry
        WHERE follow_up = ?1 AND from_position <= ?2 AND to_position > ?2 AND kind = 'offered' ORDER BY owner
        """

    private func entries(of owner: String, _ connection: ViewConnection, _ position: Int64, _ now: Instant) throws -> [ToDoItem] {
        let query = try connection.statement(Self.entries)
        query.bind(1, owner)
        query.bind(2, position)
        return try query.rows { row in try item(row, connection, position, now) }
    }

    private func item(_ row: ViewStatement, _ connection: ViewConnection, _ position: Int64, _ now: Instant) throws -> ToDoItem {
        guard let kind = ToDoItem.Kind(rawValue: row.string(1)), let priority = Priority(rawValue: row.int(13)),
            let pathway = StreamID(bytes: row.bytes(7))
        else { throw ViewError.damaged(table: "todo_entry") }
        let isMasked = row.int64(36) != 0
        let isReadersPatient = row.int64(5) != 0
        let isNamed = isReadersPatient && !isMasked
        let communeCode = row.optionalString(20)
        let commune = try communeCode.flatMap { try directory.communeName(of: $0, connection, position) }
        let dueBy = row.instant(16)
        return ToDoItem(
            followUp: row.string(6),
            pathway: pathway.hex,
            kind: kind,
            title: row.string(12),
            role: CareRole(rawValue: row.string(11)),
            protocolID: row.string(8),
            rule: row.string(9),
            protocolVersion: row.int(10),
            priority: priority,
            dueFrom: row.instant(14),
            dueBy: dueBy,
            late: kind != .notice && dueBy < now,
            answerBy: row.optionalInstant(2),
            waitingFor: kind == .owned ? try waitingFor(row.int64(0), connection, position) : [],
            basis: row.optionalString(18).flatMap(Assignment.Basis.init(rawValue:)),
            assignmentReason: row.optionalString(19),
            withdrawal: row.optionalString(4).flatMap(WithdrawalReason.init(rawValue:)),
            patient: isNamed ? Self.patient(row) : nil,
            isIdentityMasked: isMasked,
            isReadersPatient: isReadersPatient,
            commune: commune ?? (isNamed ? row.optionalString(35) : nil),
            communeCode: communeCode,
            // A visit number leads to a name in the hospital's own systems.
            visit: isNamed ? row.optionalString(21) : nil,
            unit: row.optionalString(22),
            dischargedAt: row.optionalInstant(23),
            status: row.optionalString(25).flatMap(Pathway.Status.init(rawValue:)),
            destination: row.optionalString(26).flatMap(DischargeDestination.init(rawValue:))
        )
    }

    private func waitingFor(_ followUp: Int64, _ connection: ViewConnection, _ position: Int64) throws -> [ToDoItem.Asked] {
        let query = try connection.statement(Self.asked)
        query.bind(1, followUp)
        query.bind(2, position)
        return try query.rows { row in
            let rpps = row.string(0)
            return ToDoItem.Asked(rpps: rpps, name: try directory.name(of: rpps, connection, position), answerBy: row.instant(1))
        }
    }

    private static func patient(_ row: ViewStatement) -> PatientSummary {
        PatientSummary(
            birthFamilyName: row.optionalString(27),
            usedFamilyName: row.optionalString(28),
            givenName: row.optionalString(29),
            birthDate: row.optionalString(30),
            sex: row.optionalString(31),
            phone: row.optionalString(32),
            address: row.optionalString(33),
            postalCode: row.optionalString(34),
            city: row.optionalString(35)
        )
    }
}
