import EventStore
import Pathways
import Timekeeping

/// Folds events into the tables of the to-do lists.
///
/// A follow-up is open exactly while its `owned` entry stands, accepted while its `accepted` entry stands, on hold while the
/// référent-parcours has an `onHold` entry; so the entries alone tell what an event ends, and no state is kept beside them.
final class ToDoWriter: ProjectionWriter {
    private let visits: VisitTable
    private let patients: PatientTable
    private let entries: EntryTable
    private let followUps: FollowUpTable

    init(_ tables: ViewTables) throws {
        visits = try VisitTable(tables)
        patients = try PatientTable(tables)
        entries = try EntryTable(tables)
        followUps = try FollowUpTable(tables)
    }

    func forget() {
        followUps.forget()
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
            .parkingDiscarded, .consentRecorded, .consentWithdrawn, .absenceDeclared, .absenceEnded, .channelsSet, .messageHandedOver,
            .messageDelivered, .messageOpened, .messageBounced, .messageUndeliverable:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        for number in try followUps.all(of: stream).values { try entries.erase(number) }
        try followUps.erase(stream)
        try visits.erase(stream)
        try patients.erase(stream)
    }

    private func handle(_ event: PathwayEvent, _ opened: OpenedEvent) throws {
        switch event {
        case .stayPlanned, .patientAdmitted, .emergencyVisitRegistered, .patientTransferred, .patientDischarged, .admissionAnnounced,
            .classChanged, .transferAnnounced, .attendingChanged, .leaveStarted, .leaveEnded, .dischargeAnnounced, .movementCorrected,
            .movementCancelled, .movementHeld, .pathwayReassigned, .homeReturnConfirmed, .pathwayTakenOver, .pathwayHandedOver,
            .pathwayClosed, .pathwayReopened:
            try visits.add(event, opened)
        case .followUpsPlanned(let body):
            guard body.followUps.count <= FollowUpTable.perEvent else { throw UnreadableEvent(problem: "plans more than 4096 follow-ups") }
            for (place, plan) in body.followUps.enumerated() { try add(plan, at: Int64(place), opened) }
        case .offersMade(let body):
            for solicitation in body.solicitations { try solicit(solicitation, at: body.at, opened) }
        case .offersLapsed(let body):
            try change(body.followUp, opened) { number in
                try entries.close(number, opened.position) { $0.kind == .offered && $0.wave == body.wave && body.to.contains($0.owner) }
            }
        case .solicitationRestarted(let body):
            try change(body.followUp, opened) { number in
                try entries.close(number, opened.position) { $0.kind == .offered }
                try followUps.add(nil, to: number, opened.position)
            }
        case .followUpAccepted(let body): try change(body.followUp, opened) { try accept(body, $0, opened.position) }
        case .followUpDeclined(let body): try change(body.followUp, opened) { try decline(body, $0, opened) }
        case .followUpCompleted(let body): try change(body.followUp, opened) { try close($0, opened.position) }
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals { try withdraw(withdrawal, opened) }
        case .withdrawalAcknowledged(let body):
            try change(body.followUp, opened) { number in
                try entries.close(number, opened.position) { $0.owner == body.by.rpps && $0.kind == .notice }
            }
        case .followUpEscalated(let body): try change(body.followUp, opened) { try escalate(body, $0, opened.position) }
        case .followUpsHeld(let body):
            for id in body.followUps { try change(id, opened) { try hold($0, opened.position, since: body.at, reviewAt: body.reviewAt) } }
        case .followUpsResumed(let body):
            for id in body.followUps { try change(id, opened) { try resume($0, opened.position, at: body.at) } }
        case .alertSignReported(let body):
            try followUps.add(report: body.report, body.sign, at: body.at, by: body.by, called: body.called, opened)
        case .prescriptionMissing(let body):
            try followUps.add(report: body.report, nil, at: body.at, by: body.by, called: [], opened)
        // What they change is said by the events that they cause.
        case .dischargePlanned, .protocolApplied, .followUpNoted, .entryRetracted, .prescriptionObtained, .pradoEnrolled, .pradoLeft,
            .careRefused, .refusalTakenBack:
            break
        }
    }

    /// Of a follow-up that was never planned nothing is in any list.
    private func change(_ id: String, _ opened: OpenedEvent, _ body: (_ number: Int64) throws -> Void) throws {
        if let number = try followUps.number(of: id, opened.stream) { try body(number) }
    }

    // MARK: - Planning

    private func add(_ plan: PlannedFollowUp, at place: Int64, _ opened: OpenedEvent) throws {
        let known = try followUps.number(of: plan.id, opened.stream)
        let number = try known ?? followUps.add(plan, at: place, opened)
        if known == nil { entries.begin(number) }
        let isPending = try entries.standing(number).contains { $0.kind.isPending }
        try followUps.add(plan, to: number, opened.position, anew: !isPending)
        // What is pending goes on as it is, in another window. Withdrawn before, and wanted after all, it is the référent's again until
        // somebody accepts.
        try entries.close(number, opened.position) { $0.kind == .escalated }
        if !isPending { try own(number, opened.position, since: opened.recorded.time) }
    }

    private func own(_ number: Int64, _ position: Int64, since: Instant) throws {
        try entries.open(number, position, .init(owner: ToDoProjection.referent, kind: .owned, since: since))
    }

    private func solicit(_ solicitation: OffersMade.Solicitation, at instant: Instant, _ opened: OpenedEvent) throws {
        guard let number = try followUps.number(of: solicitation.followUp, opened.stream) else { return }
        try followUps.add(solicitation.assignment, to: number, opened.position)
        guard try !solicitation.to.isEmpty && entries.standing(number).contains(where: { $0.kind == .owned }) else { return }
        for addressee in solicitation.to {
            var offer = EntryTable.Line(owner: addressee, kind: .offered, since: instant, answerBy: solicitation.until, wave: solicitation.wave)
            if case .team(let id) = Addressee(rawValue: addressee) { offer.team = id }
            offer.named = IdentityRule.isShown(to: addressee, asked: solicitation.assignment)
            try entries.open(number, opened.position, offer)
        }
    }

    // MARK: - Answers

    private func accept(_ body: FollowUpAccepted, _ number: Int64, _ position: Int64) throws {
        let held = try entries.standing(number).first { $0.isHold }
        // The référent-parcours goes on seeing what is on hold.
        try entries.close(number, position) { $0.kind != .notice && !$0.isHold }
        let kind: ToDoItem.Kind = held == nil ? .accepted : .onHold
        try entries.open(
            number,
            position,
            .init(owner: body.by.rpps, kind: kind, since: held?.since ?? body.at, answerBy: held?.answerBy, team: body.team)
        )
    }

    private func decline(_ body: FollowUpDeclined, _ number: Int64, _ opened: OpenedEvent) throws {
        guard body.givenBack else {
            let addressee = body.team.map { Addressee.team($0).rawValue } ?? body.by.rpps
            return try entries.close(number, opened.position) { $0.owner == addressee && $0.kind == .offered }
        }
        let isAccepted = try entries.standing(number).contains { $0.kind == .accepted }
        try entries.close(number, opened.position) {
            $0.kind == .accepted || $0.kind == .escalated || $0.kind == .onHold && !$0.isHold
        }
        if isAccepted { try own(number, opened.position, since: opened.recorded.time) }
    }

    /// Whoever is told that what somebody else accepted is late finds it in their own list: it must not depend on who forgot it.
    private func escalate(_ body: FollowUpEscalated, _ number: Int64, _ position: Int64) throws {
        try followUps.add(body, to: number, position)
        guard body.reason == .overdue, let keeper = try entries.standing(number).first(where: { $0.kind == .accepted }) else { return }
        for rpps in body.to where rpps != keeper.owner {
            try entries.open(number, position, .init(owner: rpps, kind: .escalated, since: body.at))
        }
    }

    // MARK: - Waiting and ending

    private func hold(_ number: Int64, _ position: Int64, since: Instant, reviewAt: Instant) throws {
        let standing = try entries.standing(number)
        guard standing.contains(where: { $0.kind.isPending }) else { return }
        try close(number, position)
        try entries.open(number, position, .init(owner: ToDoProjection.referent, kind: .onHold, since: since, answerBy: reviewAt))
        guard let keeper = standing.first(where: \.isKeeper) else { return }
        try entries.open(number, position, .init(owner: keeper.owner, kind: .onHold, since: since, answerBy: reviewAt, team: keeper.team))
    }

    private func resume(_ number: Int64, _ position: Int64, at instant: Instant) throws {
        let standing = try entries.standing(number)
        guard standing.contains(where: \.isHold) else { return }
        try close(number, position)
        guard let keeper = standing.first(where: \.isKeeper) else { return try own(number, position, since: instant) }
        try entries.open(number, position, .init(owner: keeper.owner, kind: .accepted, since: instant, team: keeper.team))
    }

    private func withdraw(_ withdrawal: FollowUpsWithdrawn.Withdrawal, _ opened: OpenedEvent) throws {
        guard let number = try followUps.number(of: withdrawal.followUp, opened.stream) else { return }
        let standing = try entries.standing(number)
        try close(number, opened.position)
        for rpps in withdrawal.told {
            var notice = EntryTable.Line(owner: rpps, kind: .notice, since: opened.recorded.time, withdrawal: withdrawal.reason.rawValue)
            // Who is told knows the patient's name only if they knew it before.
            notice.named = standing.contains { $0.owner == rpps && $0.named }
            try entries.open(number, opened.position, notice)
        }
    }

    /// Ends every entry but notices, which stand until they are acknowledged.
    private func close(_ number: Int64, _ position: Int64) throws {
        try entries.close(number, position) { $0.kind != .notice }
    }
}

extension EntryTable.Line {
    /// The référent-parcours's entry of what is on hold: it tells that it is.
    fileprivate var isHold: Bool { kind == .onHold && owner == ToDoProjection.referent }

    /// Who accepted it, on hold or not.
    fileprivate var isKeeper: Bool { kind == .accepted || kind == .onHold && owner != ToDoProjection.referent }
}
