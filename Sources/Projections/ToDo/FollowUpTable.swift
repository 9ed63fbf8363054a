import EventStore
import Pathways
import Timekeeping

/// What entries speak of: follow-ups by number, and what was planned, weighed, escalated and reported of them, a row per event.
final class FollowUpTable {
    private let insertFollowUp: ViewStatement
    private let insertPlan: ViewStatement
    private let insertSolicitation: ViewStatement
    private let insertEscalation: ViewStatement
    private let insertReport: ViewStatement
    private let ofPathway: ViewStatement
    private let eraseOfPathway: [ViewStatement]
    private let eraseOfFollowUp: [ViewStatement]
    /// The numbers of a pathway's follow-ups, by id; all of them.
    private var numbers = RecentCache<StreamID, [String: Int64]>(capacity: 4_096)

    /// Follow-ups that one event can plan: the number of a follow-up is that of its event times this, and its place.
    static let perEvent: Int64 = 4_096

    init(_ tables: ViewTables) throws {
        let (followUp, plan, solicitation) = (tables["todo_follow_up"], tables["todo_plan"], tables["todo_solicitation"])
        let (escalation, report) = (tables["todo_escalation"], tables["todo_report"])
        insertFollowUp = try tables.statement("INSERT INTO \(followUp)(number, pathway, id, protocol, rule) VALUES (?1, ?2, ?3, ?4, ?5)")
        insertPlan = try tables.statement(
            """
            INSERT OR REPLACE INTO \(plan)(follow_up, from_position, protocol_version, role, title, priority, due_from, due_from_offset,
                due_by, due_by_offset, rule_trigger, escalation, report, anew)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """
        )
        insertSolicitation = try tables.statement(
            "INSERT OR REPLACE INTO \(solicitation)(follow_up, from_position, basis, reason, commune) VALUES (?1, ?2, ?3, ?4, ?5)"
        )
        insertEscalation = try tables.statement(
            "INSERT INTO \(escalation)(follow_up, from_position, at, at_offset, step, reason, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        )
        insertReport = try tables.statement(
            "INSERT INTO \(report)(pathway, report, from_position, sign, at, at_offset, by, called) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        )
        ofPathway = try tables.statement("SELECT id, number FROM \(followUp) WHERE pathway = ?1")
        eraseOfPathway = try [followUp, report].map { try tables.statement("DELETE FROM \($0) WHERE pathway = ?1") }
        eraseOfFollowUp = try [plan, solicitation, escalation].map { try tables.statement("DELETE FROM \($0) WHERE follow_up = ?1") }
    }

    func forget() {
        numbers.removeAll()
    }

    // MARK: - Follow-ups

    func number(of id: String, _ pathway: StreamID) throws -> Int64? { try all(of: pathway)[id] }

    /// The numbers of a pathway's follow-ups. They are few, and are asked for together.
    func all(of pathway: StreamID) throws -> [String: Int64] {
        if let known = numbers.value(for: pathway) { return known }
        try ofPathway.bind(1, pathway)
        let found = try ofPathway.rows { ($0.string(0), $0.int64(1)) }
        let known = Dictionary(found) { first, _ in first }
        numbers.put(known, for: pathway)
        return known
    }

    /// - Parameter place: in its event.
    func add(_ plan: PlannedFollowUp, at place: Int64, _ opened: OpenedEvent) throws -> Int64 {
        let number = opened.position * Self.perEvent + place
        insertFollowUp.bind(1, number)
        try insertFollowUp.bind(2, opened.stream)
        insertFollowUp.bind(3, plan.id)
        insertFollowUp.bind(4, plan.rule.followUpProtocol)
        insertFollowUp.bind(5, plan.rule.rule)
        try insertFollowUp.run()
        var known = try all(of: opened.stream)
        known[plan.id] = number
        numbers.put(known, for: opened.stream)
        return number
    }

    func erase(_ pathway: StreamID) throws {
        for number in try all(of: pathway).values {
            for statement in eraseOfFollowUp {
                statement.bind(1, number)
                try statement.run()
            }
        }
        for statement in eraseOfPathway {
            try statement.bind(1, pathway)
            try statement.run()
        }
        _ = numbers.take(pathway)
    }

    // MARK: - What is said of them

    /// - Parameter anew: whether it had ended, or never was.
    func add(_ plan: PlannedFollowUp, to number: Int64, _ position: Int64, anew: Bool) throws {
        insertPlan.bind(1, number)
        insertPlan.bind(2, position)
        insertPlan.bind(3, plan.protocolVersion)
        insertPlan.bind(4, plan.role.rawValue)
        insertPlan.bind(5, plan.title)
        insertPlan.bind(6, plan.priority.rawValue)
        insertPlan.bind(7, plan.dueFrom)
        insertPlan.bind(9, plan.dueBy)
        insertPlan.bind(11, plan.trigger.rawValue)
        insertPlan.bind(12, StoredSteps.text(of: plan.escalation))
        insertPlan.bind(13, plan.movement == .report(plan.movement.value) ? plan.movement.value : nil)
        insertPlan.bind(14, anew ? 1 : 0)
        try insertPlan.run()
    }

    /// - Parameter assignment: nil where it is to be looked for anew.
    func add(_ assignment: Assignment?, to number: Int64, _ position: Int64) throws {
        insertSolicitation.bind(1, number)
        insertSolicitation.bind(2, position)
        insertSolicitation.bind(3, assignment?.basis.rawValue)
        insertSolicitation.bind(4, assignment?.reason)
        insertSolicitation.bind(5, assignment?.commune)
        try insertSolicitation.run()
    }

    func add(_ escalation: FollowUpEscalated, to number: Int64, _ position: Int64) throws {
        insertEscalation.bind(1, number)
        insertEscalation.bind(2, position)
        insertEscalation.bind(3, escalation.at)
        insertEscalation.bind(5, escalation.step)
        insertEscalation.bind(6, escalation.reason.rawValue)
        insertEscalation.bind(7, escalation.to.joined(separator: ","))
        try insertEscalation.run()
    }

    /// - Parameter sign: nil for a prescription that is missing.
    func add(report: String, _ sign: AlertSign?, at instant: Instant, by: Attribution, called: [String], _ opened: OpenedEvent) throws {
        try insertReport.bind(1, opened.stream)
        insertReport.bind(2, report)
        insertReport.bind(3, opened.position)
        insertReport.bind(4, sign?.rawValue)
        insertReport.bind(5, instant)
        insertReport.bind(7, by.rpps)
        insertReport.bind(8, called.joined(separator: ","))
        try insertReport.run()
    }
}
