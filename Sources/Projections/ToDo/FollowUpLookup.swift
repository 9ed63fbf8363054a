import EventStore
import Pathways
import Timekeeping

/// What is known at a position of one follow-up of a list, beside the entry itself: who answers for it, who is asked, what passed, what is due.
struct FollowUpLookup {
    /// Deadlines that passed which a list shows.
    private static let shownEscalations = 10

    private struct Escalated {
        let position: Int64
        let body: FollowUpEscalated
    }

    /// Who accepted it, if anybody has.
    let keeper: String?
    /// Those who are asked and have not answered.
    let asked: [(addressee: String, until: Instant)]
    private let passed: [Escalated]
    /// Nil where it has ended.
    let nextDeadline: Deadline?

    var escalations: [FollowUpEscalated] { passed.suffix(Self.shownEscalations).map(\.body) }

    /// Who stands for a follow-up in whose list at a position. `?1` its number, `?2` position.
    static let standing = """
        SELECT owner, kind, from_position, since, since_offset, answer_by, answer_by_offset, wave FROM todo_entry
        WHERE follow_up = ?1 AND from_position <= ?2 AND to_position > ?2 AND kind <> 'notice' ORDER BY owner
        """

    /// The plans since it last began, oldest first. `?1` its number, `?2` position.
    static let plans = """
        SELECT from_position, due_by, due_by_offset, escalation FROM todo_plan
        WHERE follow_up = ?1 AND from_position <= ?2 AND from_position >=
            (SELECT max(from_position) FROM todo_plan WHERE follow_up = ?1 AND from_position <= ?2 AND anew = 1)
        ORDER BY from_position
        """

    /// What was escalated from a plan on. `?1` number, `?2` position, `?3` that of the plan.
    static let escalations = """
        SELECT from_position, at, at_offset, step, reason, told FROM todo_escalation
        WHERE follow_up = ?1 AND from_position <= ?2 AND from_position >= ?3 ORDER BY from_position
        """

    private struct Standing {
        let owner: String
        let kind: String
        let from: Int64
        let since: Instant?
        let until: Instant?
        let wave: Int
    }

    private struct Plan {
        let position: Int64
        let dueBy: Instant
        let steps: [EscalationStep]
    }

    init(_ number: Int64, _ connection: ViewConnection, asOf position: Int64) throws {
        let look = try connection.statement(Self.standing)
        look.bind(1, number)
        look.bind(2, position)
        let standing = try look.rows { row in
            Standing(
                owner: row.string(0),
                kind: row.string(1),
                from: row.int64(2),
                since: row.optionalInstant(3),
                until: row.optionalInstant(5),
                wave: row.optionalInt(7) ?? 0
            )
        }
        let holds = standing.filter { $0.kind == ToDoItem.Kind.onHold.rawValue }
        let accepted = standing.first { $0.kind == ToDoItem.Kind.accepted.rawValue }
        keeper = accepted?.owner ?? holds.first { $0.owner != ToDoProjection.referent }?.owner
        let offers = standing.filter { $0.kind == ToDoItem.Kind.offered.rawValue }
        asked = offers.compactMap { offer in offer.until.map { (offer.owner, $0) } }
        guard !standing.isEmpty else {
            (passed, nextDeadline) = ([], nil)
            return
        }
        let plans = try Self.plans(of: number, connection, position)
        passed = try Self.escalations(of: number, since: plans.first?.position ?? 0, connection, position)
        let hold = holds.first { $0.owner == ToDoProjection.referent }
        nextDeadline = Self.deadline(String(number), plans, passed, hold: hold, accepted: accepted, offers: offers)
    }

    private static func plans(of number: Int64, _ connection: ViewConnection, _ position: Int64) throws -> [Plan] {
        let look = try connection.statement(Self.plans)
        look.bind(1, number)
        look.bind(2, position)
        return try look.rows { Plan(position: $0.int64(0), dueBy: $0.instant(1), steps: try StoredSteps.steps(of: $0.string(3))) }
    }

    private static func escalations(
        of number: Int64,
        since first: Int64,
        _ connection: ViewConnection,
        _ position: Int64
    ) throws -> [Escalated] {
        let look = try connection.statement(Self.escalations)
        look.bind(1, number)
        look.bind(2, position)
        look.bind(3, first)
        return try look.rows { row in
            guard let reason = EscalationReason(rawValue: row.string(4)) else { throw ViewError.damaged(table: "todo_escalation") }
            let told = row.string(5).split(separator: ",").map(String.init)
            let body = FollowUpEscalated(followUp: String(number), at: row.instant(1), step: row.int(3), reason: reason, to: told)
            return Escalated(position: row.int64(0), body: body)
        }
    }

    /// What is due next is the domain's to say: it is asked of a follow-up to which the same happened.
    private static func deadline(
        _ id: String,
        _ plans: [Plan],
        _ escalated: [Escalated],
        hold: Standing?,
        accepted: Standing?,
        offers: [Standing]
    ) -> Deadline? {
        var happened = plans.map { ($0.position, PathwayEvent.followUpsPlanned(FollowUpsPlanned(followUps: [planned(id, $0)]))) }
        happened += escalated.map { ($0.position, .followUpEscalated($0.body)) }
        if let hold, let since = hold.since, let reviewAt = hold.until {
            happened.append((hold.from, .followUpsHeld(FollowUpsHeld(followUps: [id], at: since, reviewAt: reviewAt))))
        }
        var pathway = Pathway(folding: happened.sorted { $0.0 < $1.0 }.map(\.1))
        for offer in offers {
            guard let until = offer.until else { continue }
            let assignment = Assignment(basis: .coverage, order: [offer.owner])
            let solicitation = OffersMade.Solicitation(followUp: id, wave: offer.wave, to: [offer.owner], until: until, assignment: assignment)
            pathway.evolve(with: .offersMade(OffersMade(at: offer.since ?? until, solicitations: [solicitation], directoryVersion: 0)))
        }
        if let accepted, let since = accepted.since {
            pathway.evolve(with: .followUpAccepted(FollowUpAccepted(followUp: id, at: since, by: Attribution(rpps: accepted.owner))))
        }
        return pathway.followUp(id)?.nextDeadline
    }

    /// Only what deadlines are computed from is the plan's.
    private static func planned(_ id: String, _ plan: Plan) -> PlannedFollowUp {
        PlannedFollowUp(
            id: id,
            rule: RuleReference(followUpProtocol: "", rule: ""),
            protocolVersion: 0,
            role: .nurse,
            title: "",
            priority: .normal,
            dueFrom: plan.dueBy,
            dueBy: plan.dueBy,
            answerWithinMinutes: 0,
            movement: .report(""),
            escalation: plan.steps
        )
    }
}
