import Coordination
import EventStore
import Pathways
import Timekeeping

extension World {
    // MARK: - What people do

    /// The refusals that people meet when they were too slow, or read an old screen.
    private static let usual: Set<Rejection.Code> = [
        .alreadyAccepted, .alreadyClosed, .notYours, .notOffered, .onHold, .pathwayClosed, .notAdmitted, .notDischarged, .beforeDischarge,
        .unknownAbsence, .invalidAbsence,
    ]

    func perform(_ act: Act) async throws {
        if durable.crash.isDown { return repeatLater(act) }
        do {
            try await carryOut(act)
        } catch let rejection as Rejection {
            tally.refusals[rejection.code.rawValue, default: 0] += 1
            // The ward is faster than its own message.
            if case .applyProtocol = act.deed {
                if rejection.code == .unknownPathway { return repeatLater(act) }
                if let pathway = act.pathway { decided(pathway, applied: nil) }
            }
            guard Self.usual.contains(rejection.code) else { throw Violation("I7", "act \(act.number) is refused: \(rejection)") }
        } catch {
            guard durable.crash.isDown else { throw Violation("I1", "act \(act.number) fails: \(error)") }
            repeatLater(act)
        }
    }

    /// Nobody was told whether it was done: the same request comes again.
    private func repeatLater(_ act: Act) {
        var act = act
        act.tries += 1
        agenda.note(.act(act), at: clock.now.adding(minutes: Int64(5 * min(act.tries, 12))))
    }

    private func carryOut(_ act: Act) async throws {
        let caller = try node.caller(act.rpps)
        let key = RequestKey(key: "act-\(act.number)", body: Array("\(act.number)".utf8))
        switch act.deed {
        case .declareAbsence, .endAbsence: return try await changeAbsence(act, caller, key)
        case .applyProtocol(let id):
            guard let pathway = act.pathway else { return }
            _ = try await node.followUps.apply(protocol: id, to: pathway, by: caller, key: key)
            decided(pathway, applied: id)
        case .reportAlert, .reportPrescriptionMissing, .obtainPrescription: try await report(act, caller, key)
        case .accept, .decline, .finish, .giveBack, .seeWithdrawal, .lookAfter, .catchUp: try await handle(act, caller, key)
        }
    }

    /// The ward has its answer.
    private func decided(_ pathway: StreamID, applied id: String?) {
        guard let visit = visits[pathway] else { return }
        hospital.registry.change(visit: visit) { $0.undecided -= 1 }
        if let id { hospital.registry.change(visit: visit) { $0.applied.append(id) } }
    }

    private func handle(_ act: Act, _ caller: Caller, _ key: RequestKey) async throws {
        guard let pathway = act.pathway, let followUp = act.followUp, let action = action(of: act) else { return }
        _ = try await node.followUps.perform(action, on: followUp, in: pathway, by: caller, key: key)
    }

    /// Nil if there is nothing to be done any more, as far as they see.
    private func action(of act: Act) -> FollowUpDesk.Action? {
        guard let followUp = act.followUp else { return nil }
        let item = board[followUp]
        switch act.deed {
        case .accept(let team): return team.map { .claim(team: $0) } ?? .accept
        case .decline(let team, let reason): return team.map { .declineForTeam($0, reason) } ?? .decline(reason)
        case .finish(let outcome): return item?.status == .onHold ? nil : .complete(at: clock.seen, outcome, note: nil)
        case .giveBack: return item?.owner == act.rpps ? .decline(.noCapacity) : nil
        case .seeWithdrawal: return .acknowledgeWithdrawal
        case .lookAfter: return lookAfter(item, followUp)
        case .catchUp: return catchUp(item, act)
        default: return nil
        }
    }

    /// The référent-parcours: has it offered anew, or takes it in hand.
    private func lookAfter(_ item: Board.Item?, _ followUp: String) -> FollowUpDesk.Action? {
        guard let item, item.status == .open, item.asked.isEmpty else { return nil }
        return staff.asksAgain(for: followUp) ? .solicitAgain : .accept
    }

    /// Whoever is told that something is overdue: the owner does it now; the référent-parcours takes over what nobody has.
    private func catchUp(_ item: Board.Item?, _ act: Act) -> FollowUpDesk.Action? {
        guard let item, item.status.isPending, item.status != .onHold else { return nil }
        if item.owner == act.rpps { return .complete(at: clock.seen, .done, note: nil) }
        guard act.rpps == hospital.territory.referent.rpps.value else { return nil }
        return item.owner == nil ? .accept : .complete(at: clock.seen, .alreadyDone, note: nil)
    }

    private func report(_ act: Act, _ caller: Caller, _ key: RequestKey) async throws {
        guard let pathway = act.pathway else { return }
        let now = clock.seen
        let step: PathwayDesk.Step
        switch act.deed {
        case .reportAlert(let sign): step = .reportAlert(sign, at: now, followUp: act.followUp, called: [.attendingGP], note: nil)
        case .reportPrescriptionMissing: step = .reportPrescriptionMissing(at: now, followUp: act.followUp, note: nil)
        case .obtainPrescription(let report): step = .obtainPrescription(report: report, at: now)
        default: return
        }
        _ = try await node.pathways.perform(step, on: pathway, by: caller, key: key)
    }

    private func changeAbsence(_ act: Act, _ caller: Caller, _ key: RequestKey) async throws {
        switch act.deed {
        case .declareAbsence(let from, let to, let replacement):
            let absence = Absence(from: from, to: to, replacement: try replacement.map { try RPPS($0) })
            _ = try await node.absences.declare(absence, of: act.rpps, by: caller, key: key)
        case .endAbsence(let from): _ = try await node.absences.end(absenceFrom: from, of: act.rpps, at: clock.seen, by: caller, key: key)
        default: return
        }
    }
}
