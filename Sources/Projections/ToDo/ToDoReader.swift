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
            let reading = Reading(connection: connection, position: position, now: now, patients: try PatientLookup(connection, asOf: position))
            var items = try entries(of: rpps, reading)
            if isReferent { items += try entries(of: ToDoProjection.referent, reading) }
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

    /// One list that is being read.
    private struct Reading {
        let connection: ViewConnection
        let position: Int64
        let now: Instant
        let patients: PatientLookup
    }

    // MARK: - Queries

    /// One owner's entries that stand at a position. `?1` owner, `?2` position.
    static let entries = """
        SELECT e.follow_up, e.kind, e.answer_by, e.answer_by_offset, e.withdrawal, e.named,
            f.id, f.pathway, f.protocol, f.rule, p.protocol_version, p.role, p.title, p.priority,
            p.due_from, p.due_from_offset, p.due_by, p.due_by_offset,
            s.basis, s.reason, s.commune,
            v.visit, v.unit, v.discharged_at, v.discharged_at_offset, v.status, v.destination,
            v.patient
        FROM todo_entry e
        JOIN todo_follow_up f ON f.number = e.follow_up
        JOIN todo_plan p ON p.follow_up = e.follow_up AND p.from_position =
            (SELECT max(from_position) FROM todo_plan WHERE follow_up = e.follow_up AND from_position <= ?2)
        LEFT JOIN todo_solicitation s ON s.follow_up = e.follow_up AND s.from_position =
            (SELECT max(from_position) FROM todo_solicitation WHERE follow_up = e.follow_up AND from_position <= ?2)
        LEFT JOIN todo_visit v ON v.from_position =
            (SELECT max(from_position) FROM todo_visit WHERE pathway = f.pathway AND from_position <= ?2)
        WHERE e.owner = ?1 AND e.to_position > ?2 AND e.from_position <= ?2
        """

    /// Who is asked for a follow-up at a position. `?1` its number, `?2` position.
    static let asked = """
        SELECT owner, answer_by, answer_by_offset FROM todo_entry
        WHERE follow_up = ?1 AND from_position <= ?2 AND to_position > ?2 AND kind = 'offered' ORDER BY owner
        """

    private func entries(of owner: String, _ reading: Reading) throws -> [ToDoItem] {
        let query = try reading.connection.statement(Self.entries)
        query.bind(1, owner)
        query.bind(2, reading.position)
        return try query.rows { row in try item(row, reading) }
    }

    private func item(_ row: ViewStatement, _ reading: Reading) throws -> ToDoItem {
        let (connection, position) = (reading.connection, reading.position)
        guard let kind = ToDoItem.Kind(rawValue: row.string(1)), let priority = Priority(rawValue: row.int(13)),
            let pathway = try row.stream(7)
        else { throw ViewError.damaged(table: "todo_entry") }
        let patient = try row.stream(27).map { try reading.patients.patient($0) }
        let isMasked = patient?.isMasked == true
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
            late: kind != .notice && dueBy < reading.now,
            answerBy: row.optionalInstant(2),
            waitingFor: kind == .owned ? try waitingFor(row.int64(0), connection, position) : [],
            basis: row.optionalString(18).flatMap(Assignment.Basis.init(rawValue:)),
            assignmentReason: row.optionalString(19),
            withdrawal: row.optionalString(4).flatMap(WithdrawalReason.init(rawValue:)),
            patient: isNamed ? patient?.summary : nil,
            isIdentityMasked: isMasked,
            isReadersPatient: isReadersPatient,
            commune: commune ?? (isNamed ? patient?.summary?.city : nil),
            communeCode: communeCode,
            // A visit number leads to a name in the hospital's own systems.
            visit: isNamed ? row.optionalString(21) : nil,
            unit: row.optionalString(22),
            dischargedAt: row.optionalInstant(23),
            status: row.optionalString(25).flatMap(Pathway.Status.init(rawValue:)).map { $0.ofPatient(deceased: patient?.isDeceased == true) },
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
}
