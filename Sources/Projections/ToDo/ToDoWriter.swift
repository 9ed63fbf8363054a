import EventStore
import Pathways
import Timekeeping

/// Folds events into the tables of the to-do lists.
///
/// A follow-up is open exactly while its `owned` entry stands, accepted while its `accepted` entry stands; so the entries alone tell what
/// an event ends, and no state is kept beside them.
final class ToDoWriter: ProjectionWriter {
    private let visits: VisitTable
    private let patients: PatientTable
    private let entries: EntryTable
    private let insertFollowUp: ViewStatement
    private let findFollowUp: ViewStatement
    private let insertSolicitation: ViewStatement
    private let lastNumber: ViewStatement
    private var nextNumber: Int64?
    private var numbers = RecentCache<String, Int64>(capacity: 8_192)

    init(_ tables: ViewTables) throws {
        let followUp = tables["todo_follow_up"]
        visits = try VisitTable(tables)
        patients = try PatientTable(tables)
        entries = try EntryTable(tables)
        insertFollowUp = try tables.statement(
            """
            INSERT INTO \(followUp)(number, id, from_position, pathway, protocol, rule, protocol_version, role, title, priority,
                due_from, due_from_offset, due_by, due_by_offset)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """
        )
        findFollowUp = try tables.statement("SELECT number FROM \(followUp) WHERE id = ?1")
        lastNumber = try tables.statement("SELECT coalesce(max(number), 0) FROM \(followUp)")
        insertSolicitation = try tables.statement(
            "INSERT OR REPLACE INTO \(tables["todo_solicitation"])(follow_up, from_position, basis, reason, commune) VALUES (?1, ?2, ?3, ?4, ?5)"
        )
    }

    func forget() {
        numbers.removeAll()
        nextNumber = nil
        visits.forget()
        patients.forget()
        entries.forget()
    }

    func flush() throws {
        try entries.flush()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified(let body): try patients.add(body, opened)
        case .pathway(let event): try handle(event, opened)
        case .messageReceived, .commandKeyReused, .territoryPublished, .protocolPublished: break
        }
    }

    private func handle(_ event: PathwayEvent, _ opened: OpenedEvent) throws {
        let position = opened.position
        switch event {
        case .stayPlanned, .patientAdmitted, .emergencyVisitRegistered, .patientTransferred, .patientDischarged, .movementCancelled,
            .homeReturnConfirmed:
            try visits.add(event, opened)
        case .followUpsPlanned(let body):
            for plan in body.followUps { try addPlan(plan, opened) }
        case .offersMade(let body):
            for solicitation in body.solicitations { try solicit(solicitation, position) }
        case .followUpAccepted(let body):
            guard let number = try number(of: body.followUp) else { return }
            try close(number, position)
            try entries.open(number, position, owner: body.by.rpps, .accepted)
        case .followUpDeclined(let body):
            guard let number = try number(of: body.followUp) else { return }
            let ended: ToDoItem.Kind = body.givenBack ? .accepted : .offered
            try entries.close(number, position) { owner, kind in owner == body.by.rpps && kind == ended }
            if body.givenBack { try entries.open(number, position, owner: ToDoProjection.referent, .owned) }
        case .followUpCompleted(let body):
            if let number = try number(of: body.followUp) { try close(number, position) }
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals { try withdraw(withdrawal, position) }
        case .withdrawalAcknowledged(let body):
            guard let number = try number(of: body.followUp) else { return }
            try entries.close(number, position) { owner, kind in owner == body.by.rpps && kind == .notice }
        case .movementHeld, .dischargePlanned, .protocolApplied, .followUpNoted:
            break
        }
    }

    // MARK: - Follow-ups

    private func addPlan(_ plan: PlannedFollowUp, _ opened: OpenedEvent) throws {
        if let number = try number(of: plan.id) {
            // Withdrawn before, and wanted after all: it is the référent's again until somebody accepts.
            return try entries.open(number, opened.position, owner: ToDoProjection.referent, .owned)
        }
        let number = try nextNumber ?? (lastNumber.first { $0.int64(0) } ?? 0) + 1
        insertFollowUp.bind(1, number)
        insertFollowUp.bind(2, plan.id)
        insertFollowUp.bind(3, opened.position)
        insertFollowUp.bind(4, opened.recorded.stream.bytes)
        insertFollowUp.bind(5, plan.rule.followUpProtocol)
        insertFollowUp.bind(6, plan.rule.rule)
        insertFollowUp.bind(7, plan.protocolVersion)
        insertFollowUp.bind(8, plan.role.rawValue)
        insertFollowUp.bind(9, plan.title)
        insertFollowUp.bind(10, plan.priority.rawValue)
        insertFollowUp.bind(11, plan.dueFrom)
        insertFollowUp.bind(13, plan.dueBy)
        try insertFollowUp.run()
        nextNumber = number + 1
        numbers.put(number, for: plan.id)
        entries.begin(number)
        try entries.open(number, opened.position, owner: ToDoProjection.referent, .owned)
    }

    private func solicit(_ solicitation: OffersMade.Solicitation, _ position: Int64) throws {
        guard let number = try number(of: solicitation.followUp) else { return }
        let assignment = solicitation.assignment
        insertSolicitation.bind(1, number)
        insertSolicitation.bind(2, position)
        insertSolicitation.bind(3, assignment.basis.rawValue)
        insertSolicitation.bind(4, assignment.reason)
        insertSolicitation.bind(5, assignment.commune)
        try insertSolicitation.run()
        guard try !solicitation.to.isEmpty && entries.isOpen(number) else { return }
        for rpps in solicitation.to {
            let named = IdentityRule.isShown(to: rpps, asked: assignment)
            try entries.open(number, position, owner: rpps, .offered, answerBy: solicitation.until, named: named)
        }
    }

    private func withdraw(_ withdrawal: FollowUpsWithdrawn.Withdrawal, _ position: Int64) throws {
        guard let number = try number(of: withdrawal.followUp) else { return }
        // Who is told knows the patient's name only if they knew it before.
        let told = try withdrawal.told.map { (rpps: $0, named: try entries.knowsTheName($0, of: number)) }
        try close(number, position)
        for (rpps, named) in told {
            try entries.open(number, position, owner: rpps, .notice, withdrawal: withdrawal.reason.rawValue, named: named)
        }
    }

    private func number(of id: String) throws -> Int64? {
        if let number = numbers.take(id) {
            numbers.put(number, for: id)
            return number
        }
        findFollowUp.bind(1, id)
        guard let number = try findFollowUp.first({ $0.int64(0) }) else { return nil }
        numbers.put(number, for: id)
        return number
    }

    /// Ends every entry but notices, which stand until they are acknowledged.
    private func close(_ number: Int64, _ position: Int64) throws {
        try entries.close(number, position) { _, kind in kind != .notice }
    }
}
