import Pathways
import TestSupport
import Testing
import Timekeeping

/// I4, I5 and I7 over random histories: hospital, professionals and the clock, in any order.
@Suite("The loop always closes")
struct ClosedLoopTests {
    private static let people = [Example.nurse, Example.otherNurse, "team:challans-nurses"]

    /// One random thing that happens to a pathway at an instant.
    private func command(_ state: Pathway, _ now: Instant, _ chance: inout SplitMix64) -> PathwayCommand {
        let followUp = state.followUps.randomElement(using: &chance)?.id ?? "none"
        let referent = Example.by(Example.referent, as: .referent)
        let one = Example.by(Bool.random(using: &chance) ? Example.nurse : Example.otherNurse)
        let team = Int.random(in: 0..<3, using: &chance) == 0 ? "challans-nurses" : nil
        switch Int.random(in: 0..<16, using: &chance) {
        case 0, 1, 2: return .accept(followUp: followUp, by: one, at: now, team: team)
        case 3: return .decline(followUp: followUp, by: one, reason: .noCapacity, team: team)
        case 4: return .decline(followUp: followUp, by: Bool.random(using: &chance) ? referent : one, reason: .absent)
        case 5: return .complete(followUp: followUp, by: referent, at: now, outcome: .done, note: nil)
        case 6: return .solicitAgain(followUp: followUp, by: referent, at: now)
        case 7: return alert(now, one)
        case 8: return .reportPrescriptionMissing(PrescriptionMissing(report: "P\(now.millisecondsSinceEpoch)", at: now, by: one))
        case 9: return .obtainPrescription(report: state.missingPrescriptions.last?.report ?? "", by: one, at: now)
        case 10: return Bool.random(using: &chance) ? .enrolInPrado(by: one, at: now) : .leavePrado(by: one, at: now)
        case 11: return Bool.random(using: &chance) ? .refuseCare(followUps: [followUp], by: one, at: now) : .takeBackRefusal(by: one, at: now)
        case 12: return .planDischarge(at: now.adding(days: 2), by: one)
        case 13: return .close(.followedElsewhere, by: referent, at: now)
        case 14: return .reopen(by: referent, at: now)
        default: return movement(now, &chance)
        }
    }

    private func alert(_ now: Instant, _ by: Attribution) -> PathwayCommand {
        .reportAlert(AlertSignReported(report: "A\(now.millisecondsSinceEpoch)", at: now, by: by, sign: .pain, called: []))
    }

    private func movement(_ now: Instant, _ chance: inout SplitMix64) -> PathwayCommand {
        let kinds: [MovementKind] = [.preadmission, .admission, .discharge, .discharge, .discharge, .leave, .leaveReturn, .emergencyVisit]
        let kind = kinds.randomElement(using: &chance) ?? .discharge
        let destinations: [DischargeDestination] = [.home, .home, .home, .ehpad, .againstAdvice]
        return Example.report(kind, "\(now.millisecondsSinceEpoch)", now.rfc3339, to: destinations.randomElement(using: &chance))
    }

    private func context(_ now: Instant, _ chance: inout SplitMix64) -> PlanningContext {
        Example.context(
            now,
            asking: Self.people.shuffled(using: &chance),
            alone: Int.random(in: 0...2, using: &chance),
            quietHours: Bool.random(using: &chance) ? QuietHours(from: 20 * 60, to: 7 * 60) : nil,
            readmittedAt: Int.random(in: 0..<6, using: &chance) == 0 ? now : nil,
            away: Int.random(in: 0..<4, using: &chance) == 0 ? [Example.nurse] : []
        )
    }

    @Test(arguments: UInt64(1)...24) func everyPendingFollowUpHasOneOwnerAndOneDeadline(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        var state = Pathway()
        var now = Example.instant("2026-10-20T09:00:00+02:00")
        var events = 0
        func happen(_ command: PathwayCommand) {
            for event in Given.events(command, state) {
                state.evolve(with: event)
                events += 1
            }
        }
        happen(Example.report(.admission, "1", now.rfc3339))
        for _ in 0..<40 {
            now = now.adding(minutes: Int64.random(in: 1...2_000, using: &chance))
            happen(command(state, now, &chance))
            let context = context(now, &chance)
            happen(.reconcile(context))
            let again = Given.events(.reconcile(context), state)
            #expect(again.isEmpty, "seed \(seed): reconciling twice gives \(again.map { type(of: $0.body).type })")
            for followUp in state.followUps {
                #expect((followUp.owner != nil) == followUp.status.isPending, "seed \(seed): \(followUp.id)")
                guard followUp.status.isPending else {
                    #expect(followUp.nextDeadline == nil && followUp.pendingOffers.isEmpty, "seed \(seed): \(followUp.id)")
                    continue
                }
                let deadline = followUp.nextDeadline
                #expect(deadline.map { $0.at > now } == true, "seed \(seed): \(followUp.id) waits for nothing")
                #expect(followUp.status == .open || followUp.pendingOffers.isEmpty, "seed \(seed): \(followUp.id) is still offered")
                #expect(followUp.status != .open || !followUp.pendingOffers.isEmpty || followUp.hasNobodyToAsk, "seed \(seed): \(followUp.id)")
            }
            let next = state.nextDeadline(under: Example.protocols, in: Example.paris, after: now)
            #expect(next.map { $0.at > now } ?? true, "seed \(seed): the clock has work left")
            if state.followUps.contains(where: { $0.status.isPending }) {
                #expect(next != nil && state.status != .closed, "seed \(seed): pending, and closed or waiting for nothing")
            }
        }
        #expect(events > 40, "seed \(seed): too little happened")
    }

    /// Movements with every kind of contradiction but one sender: whatever their order, and with a look after each, the same is open at the end.
    @Test(arguments: UInt64(1)...40) func anyOrderOfReportsEndsTheSame(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        let end = Example.instant("2026-11-18T12:00:00+01:00")
        let reports = Self.reports.shuffled(using: &chance)
        let count = Int.random(in: 3...reports.count, using: &chance)
        let told = Array(reports.prefix(count))
        let results = (0..<4).map { turn in
            var state = Pathway()
            var now = end.adding(minutes: -Int64(count))
            for command in turn == 0 ? told : told.shuffled(using: &chance) {
                now = now.adding(minutes: 1)
                for event in Given.events(command, state) { state.evolve(with: event) }
                if turn == 3 { continue }
                for event in Given.events(.reconcile(Example.context(now, asking: [])), state) { state.evolve(with: event) }
            }
            for event in Given.events(.reconcile(Example.context(end, asking: [])), state) { state.evolve(with: event) }
            return Set(state.followUps.filter { $0.status.isPending && !$0.plan.becauseHomeReturnMissing }.map(Open.init))
        }
        #expect(Set(results).count == 1, "seed \(seed): \(results.map { $0.map(\.id).sorted() })")
    }

    private struct Open: Hashable {
        let id: String
        let status: FollowUp.Status
        let dueFrom: Instant
        let dueBy: Instant

        init(_ followUp: FollowUp) {
            id = followUp.id
            status = followUp.status
            dueFrom = followUp.plan.dueFrom
            dueBy = followUp.plan.dueBy
        }
    }

    private static var reports: [PathwayCommand] {
        let expected = Movement(
            id: MovementID(authority: "850099995/V0042", value: "5"),
            effectiveAt: Example.instant("2026-11-12T09:00:00+01:00"),
            expectedAt: Example.instant("2026-11-16T14:00:00+01:00"),
            statement: Example.statement("2026-11-12T09:00:00+01:00", "M5")
        )
        return [
            Example.report(.preadmission, "0", "2026-11-01T09:00:00+01:00"),
            Example.report(.admission, "1", "2026-11-10T09:00:00+01:00"),
            .report(.movement(.dischargeAnnouncement, expected, nil), Example.reference),
            Example.report(.discharge, "2", "2026-11-16T14:00:00+01:00", to: .home),
            Example.report(.admission, "3", "2026-11-17T08:00:00+01:00"),
            Example.report(.discharge, "4", "2026-11-18T10:00:00+01:00", to: .home),
            Example.cancel(.discharge, "4"),
            Example.cancel(.preadmission, "0"),
            Example.cancel(.dischargeAnnouncement, "5"),
            Example.cancel(.admission, "3"),
        ]
    }
}
