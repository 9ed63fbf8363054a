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
    private let insertPlan: ViewStatement
    private let insertSolicitation: ViewStatement
    private let followUpsOfPathway: ViewStatement
    private let eraseFollowUps: ViewStatement
    private let erasePlans: ViewStatement
    private let eraseSolicitations: ViewStatement
    /// The numbers of a pathway's follow-ups, by id; all of them.
    private var numbers = RecentCache<StreamID, [String: Int64]>(capacity: 4_096)

    /// Follow-ups that one event can plan: the number of a follow-up is that of its event times this, and its place.
    private static let followUpsPerEvent: Int64 = 4_096

    init(_ tables: ViewTables) throws {
        let followUp = tables["todo_follow_up"]
        visits = try VisitTable(tables)
        patients = try PatientTable(tables)
        entries = try EntryTable(tables)
        insertFollowUp = try tables.statement("INSERT INTO \(followUp)(number, pathway, id, protocol, rule) VALUES (?1, ?2, ?3, ?4, ?5)")
        let plan = tables["todo_plan"]
        insertPlan = try tables.statement(
            """
            INSERT OR REPLACE INTO \(plan)(follow_up, from_position, protocol_version, role, title, priority, due_from, due_from_offset,
                due_by, due_by_offset)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """
        )
        erasePlans = try tables.statement("DELETE FROM \(plan) WHERE follow_up = ?1")
        followUpsOfPathway = try tables.statement("SELECT id, number FROM \(followUp) WHERE pathway = ?1")
        eraseFollowUps = try tables.statement("DELETE FROM \(followUp) WHERE pathway = ?1")
        eraseSolicitations = try tables.statement("DELETE FROM \(tables["todo_solicitation"]) WHERE follow_up = ?1")
        insertSolicitation = try tables.statement(
            "INSERT OR REPLACE INTO \(tables["todo_solicitation"])(follow_up, from_position, basis, reason, commune) VALUES (?1, ?2, ?3, ?4, ?5)"
        )
    }

    func forget() {
        numbers.removeAll()
        visits.forget()
        patients.forget()
        entries.forget()
    }

    func flush() throws {
        try entries.flush()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified, .identityCorrected, .oppositionRecorded, .oppositionLifted: try patients.add(opened)
        case .pathway(let event): try handle(event, opened)
        // Merges and moved dossiers: who reads follows them.
        case .visitRegistered, .dossierMoved, .patientsMerged, .mergeUndone, .messageReceived, .messageRepaired, .messageDiscarded,
            .commandKeyReused, .territoryPublished, .protocolPublished, .siteProfilePublished, .streamErased, .patientErased,
            .parkingDiscarded:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        for number in try followUps(of: stream).values {
            try entries.erase(number)
            for statement in [erasePlans, eraseSolicitations] {
                statement.bind(1, number)
                try statement.run()
            }
        }
        try eraseFollowUps.bind(1, stream)
        try eraseFollowUps.run()
        _ = numbers.take(stream)
        try visits.erase(stream)
        try patients.erase(stream)
    }

    private func handle(_ event: PathwayEvent, _ opened: OpenedEvent) throws {
        let position = opened.position
        let stream = opened.stream
        switch event {
        case .stayPlanned, .patientAdmitted, .emergencyVisitRegistered, .patientTransferred, .patientDischarged, .admissionAnnounced,
            .classChanged, .transferAnnounced, .attendingChanged, .leaveStarted, .leaveEnded, .dischargeAnnounced, .movementCorrected,
            .movementCancelled, .movementHeld, .pathwayReassigned, .homeReturnConfirmed, .pathwayTakenOver, .pathwayHandedOver:
            try visits.add(event, opened)
        case .followUpsPlanned(let body):
            guard body.followUps.count <= Self.followUpsPerEvent else { throw UnreadableEvent(problem: "plans more than 4096 follow-ups") }
            for (place, plan) in body.followUps.enumerated() { try addPlan(plan, at: Int64(place), opened) }
        case .offersMade(let body):
            for solicitation in body.solicitations { try solicit(solicitation, stream, position) }
        case .followUpAccepted(let body):
            guard let number = try number(of: body.followUp, stream) else { return }
            try close(number, position)
            try entries.open(number, position, owner: body.by.rpps, .accepted)
        case .followUpDeclined(let body):
            guard let number = try number(of: body.followUp, stream) else { return }
            let ended: ToDoItem.Kind = body.givenBack ? .accepted : .offered
            try entries.close(number, position) { owner, kind in owner == body.by.rpps && kind == ended }
            if body.givenBack { try entries.open(number, position, owner: ToDoProjection.referent, .owned) }
        case .followUpCompleted(let body):
            if let number = try number(of: body.followUp, stream) { try close(number, position) }
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals { try withdraw(withdrawal, stream, position) }
        case .withdrawalAcknowledged(let body):
            guard let number = try number(of: body.followUp, stream) else { return }
            try entries.close(number, position) { owner, kind in owner == body.by.rpps && kind == .notice }
        case .dischargePlanned, .protocolApplied, .followUpNoted, .entryRetracted:
            break
        }
    }

    // MARK: - Follow-ups

    private func addPlan(_ plan: PlannedFollowUp, at place: Int64, _ opened: OpenedEvent) throws {
        if let number = try number(of: plan.id, opened.stream) {
            try add(plan, to: number, opened.position)
            // What is pending goes on as it is, in another window.
            if try entries.isPending(number) { return }
            // Withdrawn before, and wanted after all: it is the référent's again until somebody accepts.
            return try entries.open(number, opened.position, owner: ToDoProjection.referent, .owned)
        }
        let number = opened.position * Self.followUpsPerEvent + place
        insertFollowUp.bind(1, number)
        try insertFollowUp.bind(2, opened.stream)
        insertFollowUp.bind(3, plan.id)
        insertFollowUp.bind(4, plan.rule.followUpProtocol)
        insertFollowUp.bind(5, plan.rule.rule)
        try insertFollowUp.run()
        try add(plan, to: number, opened.position)
        var known = try followUps(of: opened.stream)
        known[plan.id] = number
        numbers.put(known, for: opened.stream)
        entries.begin(number)
        try entries.open(number, opened.position, owner: ToDoProjection.referent, .owned)
    }

    private func add(_ plan: PlannedFollowUp, to number: Int64, _ position: Int64) throws {
        insertPlan.bind(1, number)
        insertPlan.bind(2, position)
        insertPlan.bind(3, plan.protocolVersion)
        insertPlan.bind(4, plan.role.rawValue)
        insertPlan.bind(5, plan.title)
        insertPlan.bind(6, plan.priority.rawValue)
        insertPlan.bind(7, plan.dueFrom)
        insertPlan.bind(9, plan.dueBy)
        try insertPlan.run()
    }

    private func solicit(_ solicitation: OffersMade.Solicitation, _ stream: StreamID, _ position: Int64) throws {
        guard let number = try number(of: solicitation.followUp, stream) else { return }
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

    private func withdraw(_ withdrawal: FollowUpsWithdrawn.Withdrawal, _ stream: StreamID, _ position: Int64) throws {
        guard let number = try number(of: withdrawal.followUp, stream) else { return }
        // Who is told knows the patient's name only if they knew it before.
        let told = try withdrawal.told.map { (rpps: $0, named: try entries.knowsTheName($0, of: number)) }
        try close(number, position)
        for (rpps, named) in told {
            try entries.open(number, position, owner: rpps, .notice, withdrawal: withdrawal.reason.rawValue, named: named)
        }
    }

    private func number(of id: String, _ stream: StreamID) throws -> Int64? { try followUps(of: stream)[id] }

    /// The numbers of a pathway's follow-ups. They are few, and are asked for together.
    private func followUps(of stream: StreamID) throws -> [String: Int64] {
        if let known = numbers.take(stream) {
            numbers.put(known, for: stream)
            return known
        }
        try followUpsOfPathway.bind(1, stream)
        let found = try followUpsOfPathway.rows { ($0.string(0), $0.int64(1)) }
        let known = Dictionary(found) { first, _ in first }
        numbers.put(known, for: stream)
        return known
    }

    /// Ends every entry but notices, which stand until they are acknowledged.
    private func close(_ number: Int64, _ position: Int64) throws {
        try entries.close(number, position) { _, kind in kind != .notice }
    }
}
