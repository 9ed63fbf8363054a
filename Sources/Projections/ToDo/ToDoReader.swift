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
    /// It holds what their teams are asked for, too. The référent-parcours has, beside their own, everything that nobody has accepted, and what
    /// is on hold. Who belongs to which team, and who is référent-parcours, is read at the same position.
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
            let reading = Reading(
                connection: connection,
                position: position,
                now: now,
                patients: try PatientLookup(connection, asOf: position),
                referent: territory?.referent
            )
            var items = try entries(of: rpps, reading)
            for team in try directory.teams(of: rpps, connection, position) {
                items += try entries(of: Addressee.team(team.id).rawValue, reading)
            }
            if isReferent {
                // What they keep themselves is on hold once.
                let kept = Set(items.filter { $0.kind == .onHold }.map(\.followUp))
                items += try entries(of: ToDoProjection.referent, reading).filter { !kept.contains($0.followUp) }
            }
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
        let referent: DirectoryContact?
    }

    // MARK: - Queries

    /// One owner's entries that stand at a position. `?1` owner, `?2` position.
    static let entries = """
        SELECT e.follow_up, e.kind, e.answer_by, e.answer_by_offset, e.withdrawal, e.named,
            f.id, f.pathway, f.protocol, f.rule, p.protocol_version, p.role, p.title, p.priority,
            p.due_from, p.due_from_offset, p.due_by, p.due_by_offset,
            s.basis, s.reason, s.commune,
            v.visit, v.unit, v.discharged_at, v.discharged_at_offset, v.status, v.destination,
            v.patient, e.since, e.since_offset, e.team, p.rule_trigger, p.report
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

    /// What a follow-up hangs on. `?1` its pathway, `?2` the report, `?3` position.
    static let report = """
        SELECT sign, at, at_offset, by, called FROM todo_report
        WHERE pathway = ?1 AND report = ?2 AND from_position <= ?3 ORDER BY from_position LIMIT 1
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
            let pathway = try row.stream(7), let trigger = RuleTrigger(rawValue: row.string(31))
        else { throw ViewError.damaged(table: "todo_entry") }
        let patient = try row.stream(27).map { try reading.patients.patient($0) }
        let isMasked = patient?.isMasked == true
        let isReadersPatient = row.int64(5) != 0
        let isNamed = isReadersPatient && !isMasked
        let communeCode = row.optionalString(20)
        let commune = try communeCode.flatMap { try directory.communeName(of: $0, connection, position) }
        let dueBy = row.instant(16)
        let known = try FollowUpLookup(row.int64(0), connection, asOf: position)
        let isOver = kind == .notice
        return ToDoItem(
            followUp: row.string(6),
            pathway: pathway.hex,
            kind: kind,
            title: row.string(12),
            role: CareRole(rawValue: row.string(11)),
            protocolID: row.string(8),
            rule: row.string(9),
            protocolVersion: row.int(10),
            trigger: trigger,
            priority: priority,
            dueFrom: row.instant(14),
            dueBy: dueBy,
            late: !isOver && kind != .onHold && dueBy < reading.now,
            since: row.optionalInstant(28),
            team: try row.optionalString(30).map { try directory.team($0, connection, position) },
            owner: isOver ? nil : try owner(known, reading),
            nextDeadline: isOver ? nil : known.nextDeadline,
            escalations: isOver ? [] : try known.escalations.map { try escalation($0, reading) },
            report: isNamed ? try row.optionalString(32).flatMap { try report($0, of: pathway, reading) } : nil,
            answerBy: kind == .offered ? row.optionalInstant(2) : nil,
            waitingFor: kind == .owned ? try known.asked.map { try asked($0.addressee, $0.until, reading) } : [],
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
            // Nor is a unit told to who is merely asked: it says what illness it is.
            unit: isReadersPatient ? row.optionalString(22) : nil,
            dischargedAt: row.optionalInstant(23),
            status: row.optionalString(25).flatMap(Pathway.Status.init(rawValue:)).map { $0.ofPatient(deceased: patient?.isDeceased == true) },
            destination: row.optionalString(26).flatMap(DischargeDestination.init(rawValue:))
        )
    }

    private func owner(_ known: FollowUpLookup, _ reading: Reading) throws -> ToDoItem.Person? {
        if let keeper = known.keeper { return try person(keeper, reading) }
        return reading.referent.map { ToDoItem.Person(rpps: $0.rpps, name: $0.name) }
    }

    private func person(_ rpps: String, _ reading: Reading) throws -> ToDoItem.Person {
        ToDoItem.Person(rpps: rpps, name: try directory.name(of: rpps, reading.connection, reading.position))
    }

    private func asked(_ addressee: String, _ until: Instant, _ reading: Reading) throws -> ToDoItem.Asked {
        let addressee = Addressee(rawValue: addressee)
        let name =
            switch addressee {
            case .professional(let rpps): try directory.name(of: rpps, reading.connection, reading.position)
            case .team(let id): try directory.team(id, reading.connection, reading.position).name
            }
        return ToDoItem.Asked(addressee: addressee, name: name, answerBy: until)
    }

    private func escalation(_ body: FollowUpEscalated, _ reading: Reading) throws -> ToDoItem.Escalation {
        ToDoItem.Escalation(at: body.at, reason: body.reason, told: try body.to.map { try person($0, reading) })
    }

    private func report(_ report: String, of pathway: StreamID, _ reading: Reading) throws -> ToDoItem.Report? {
        let look = try reading.connection.statement(Self.report)
        try look.bind(1, pathway)
        look.bind(2, report)
        look.bind(3, reading.position)
        return try look.first { row in
            ToDoItem.Report(
                sign: row.optionalString(0).flatMap(AlertSign.init(rawValue:)),
                at: row.instant(1),
                by: try person(row.string(3), reading),
                called: row.string(4).split(separator: ",").map(String.init)
            )
        }
    }
}
