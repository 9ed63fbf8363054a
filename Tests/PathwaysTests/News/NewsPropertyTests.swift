import Pathways
import TestSupport
import Testing
import Timekeeping

/// What holds of the news of any history: hospital, professionals, the planner and the clock, in any order.
@Suite("News of any history")
struct NewsPropertyTests {
    private typealias Story = NewsStory
    private static let declared = [Story.gp, Story.pharmacist, Story.absentGP]
    private static let people = [Story.nurse, Story.otherNurse, Story.team]

    /// One event of a history with what it told.
    private struct Step {
        let happening: Happening
        let news: [News]
    }

    private func history(seed: UInt64, isDead: Bool = false) throws -> [Step] {
        var chance = SplitMix64(seed: seed)
        let table = try Story.table()
        let territory = try Story.territory(protocols: true)
        var state = Pathway()
        var now = Example.instant("2026-11-20T09:00:00+01:00")
        var dead = false
        var toldOfDeath: Set<String> = []
        var steps: [Step] = []
        func happen(_ command: PathwayCommand) {
            for event in Given.events(command, state) {
                let happening = Happening(
                    .pathway(event),
                    id: "event-\(steps.count)",
                    recordedAt: now,
                    stream: Story.stream,
                    before: state,
                    isDeceased: dead,
                    toldOfDeath: toldOfDeath
                )
                let news = table.news(for: happening, in: territory)
                toldOfDeath.formUnion(news.filter { $0.key.template.hasPrefix("death-notice") }.map(\.key.recipient))
                steps.append(Step(happening: happening, news: news))
                state = happening.after
            }
        }
        happen(movement(.admission, "1", now, &chance))
        for turn in 0..<40 {
            now = now.adding(minutes: Int64.random(in: 1...2_000, using: &chance))
            if isDead && turn == 20 { dead = true }
            happen(command(state, now, &chance))
            happen(.reconcile(context(now, &chance, isDeceased: dead)))
        }
        return steps
    }

    private func command(_ state: Pathway, _ now: Instant, _ chance: inout SplitMix64) -> PathwayCommand {
        let followUp = state.followUps.randomElement(using: &chance)?.id ?? "none"
        let referent = Example.by(Story.referent, as: .referent)
        let asked = state.followUp(followUp)?.pendingOffers.randomElement(using: &chance).map(\.to)
        let isTeam = asked == Story.team
        let one = Example.by(isTeam ? Story.members.randomElement(using: &chance) ?? Story.nurse : asked ?? Story.nurse)
        let team = isTeam ? "nurses-challans" : nil
        switch Int.random(in: 0..<18, using: &chance) {
        case 0, 1, 2, 3: return .accept(followUp: followUp, by: one, at: now, team: team)
        case 4: return .decline(followUp: followUp, by: one, reason: .noCapacity, team: team)
        case 5: return .complete(followUp: followUp, by: referent, at: now, outcome: .patientAbsent, note: nil)
        case 6: return .solicitAgain(followUp: followUp, by: referent, at: now)
        case 7:
            let report = "A\(now.millisecondsSinceEpoch)"
            return .reportAlert(AlertSignReported(report: report, at: now, by: one, sign: .pain, called: []))
        case 8: return .reportPrescriptionMissing(PrescriptionMissing(report: "P\(now.millisecondsSinceEpoch)", at: now, by: one))
        case 9: return .obtainPrescription(report: state.missingPrescriptions.last?.report ?? "", by: one, at: now)
        case 10: return Bool.random(using: &chance) ? .enrolInPrado(by: one, at: now) : .leavePrado(by: one, at: now)
        case 11: return Bool.random(using: &chance) ? .refuseCare(followUps: [followUp], by: one, at: now) : .takeBackRefusal(by: one, at: now)
        case 12: return .planDischarge(at: now.adding(days: 2), by: one)
        case 13: return .close(.followedElsewhere, by: referent, at: now)
        case 14:
            guard let last = state.history.movements.last else { return .reopen(by: referent, at: now) }
            let statement = Example.statement(now.rfc3339, "C\(now.millisecondsSinceEpoch)")
            return .report(.cancellation(last.movement.id, last.kind, statement), Example.reference)
        default:
            let kinds: [MovementKind] = [.preadmission, .admission, .discharge, .discharge, .discharge, .leave, .dischargeAnnouncement]
            return movement(kinds.randomElement(using: &chance) ?? .discharge, "\(now.millisecondsSinceEpoch)", now, &chance)
        }
    }

    private func movement(_ kind: MovementKind, _ id: String, _ now: Instant, _ chance: inout SplitMix64) -> PathwayCommand {
        let destinations: [DischargeDestination] = [.home, .home, .home, .ehpad, .againstAdvice, .transfer, .unknown]
        let gp = Bool.random(using: &chance) ? Story.gp : Story.absentGP
        let movement = Movement(
            id: MovementID(authority: "850099995/V0042", value: id),
            effectiveAt: now,
            unit: MedicalUnitReference(code: "CARD", authority: "850099995"),
            declared: [
                DeclaredProfessional(role: .attendingGP, rpps: gp), DeclaredProfessional(role: .pharmacist, rpps: Story.pharmacist),
            ],
            expectedAt: now.adding(days: Int64.random(in: 1...4, using: &chance)),
            statement: Example.statement(now.rfc3339, "M\(id)")
        )
        let mode = kind == .discharge ? destinations.randomElement(using: &chance).map { DischargeMode(destination: $0) } : nil
        return .report(.movement(kind, movement, mode), Example.reference)
    }

    private func context(_ now: Instant, _ chance: inout SplitMix64, isDeceased: Bool) -> PlanningContext {
        Example.context(
            now,
            asking: Self.people.shuffled(using: &chance),
            basis: Bool.random(using: &chance) ? .coverage : .circle,
            alone: Int.random(in: 0...1, using: &chance),
            isDeceased: isDeceased,
            readmittedAt: Int.random(in: 0..<8, using: &chance) == 0 ? now : nil
        )
    }

    // MARK: - What holds

    @Test(arguments: UInt64(1)...12) func nobodyOutsideTheCareIsEverTold(seed: UInt64) throws {
        var known: Set<String> = Set(Self.declared).union([Story.referent, Story.unit, Example.referent, Example.unit])
        var count = 0
        for step in try history(seed: seed) {
            for followUp in step.happening.after.followUps {
                for offer in followUp.offers { known.formUnion(offer.to == Story.team ? Story.members : [offer.to]) }
                if let acceptedBy = followUp.acceptedBy { known.insert(acceptedBy) }
            }
            let outside = step.news.map(\.key.recipient).filter { !known.contains($0) }
            #expect(outside.isEmpty, "seed \(seed): \(outside) by \(step.happening.event)")
            count += step.news.count
        }
        #expect(count > 20, "seed \(seed): too little was told")
    }

    /// Whoever is merely one of a pool is told no name (CSP L1110-4).
    @Test(arguments: UInt64(1)...12) func onlyWhoTakesPartReadsTheName(seed: UInt64) throws {
        for step in try history(seed: seed) {
            let states = [step.happening.before, step.happening.after]
            for news in step.news where news.named {
                let rpps = news.key.recipient
                // Who stands in for somebody who takes part does too.
                if rpps == Story.gp || rpps == Story.referent || rpps == Story.unit || Example.unit == rpps || Example.referent == rpps { continue }
                let takesPart = states.contains { pathway in
                    pathway.stay.declared.contains { $0.rpps == rpps }
                        || pathway.followUps.contains { followUp in
                            let order = followUp.assignment.map { $0.basis == .coverage ? [] : $0.order.prefix($0.alone) } ?? []
                            return followUp.acceptedBy == rpps || order.contains(rpps)
                        }
                }
                #expect(takesPart, "seed \(seed): \(Story.line(news))")
                #expect(news.key.template != "offer-pool", "seed \(seed)")
            }
        }
    }

    @Test(arguments: UInt64(1)...12) func noTwoNewsHaveOneKeyAndNobodyHearsOneThingTwice(seed: UInt64) throws {
        let steps = try history(seed: seed)
        let keys = steps.flatMap(\.news).map(\.key)
        #expect(Set(keys).count == keys.count, "seed \(seed)")
        for step in steps {
            let told = step.news.map { "\($0.key.recipient) \($0.followUp ?? "")" }
            #expect(Set(told).count == told.count, "seed \(seed): \(step.news.map(Story.line))")
            let templates = try Story.table().templates
            #expect(step.news.allSatisfy { templates.contains($0.key.template) && $0.key.event == step.happening.id })
            #expect(step.news.allSatisfy { $0.answerBy == nil || $0.asks }, "seed \(seed)")
        }
    }

    @Test(arguments: UInt64(1)...12) func theDeadYieldTheirDeathAlone(seed: UInt64) throws {
        let steps = try history(seed: seed, isDead: true)
        let news = steps.filter(\.happening.isDeceased).flatMap(\.news)
        #expect(news.allSatisfy { $0.key.template.hasPrefix("death-notice") }, "seed \(seed): \(news.map(Story.line))")
        #expect(Set(news.map(\.key.recipient)).count == news.count, "seed \(seed): a person is told twice")
        // Whoever had something to do, or was being asked by name, is told.
        guard let first = steps.firstIndex(where: \.happening.isDeceased) else { return }
        let owners = Set(steps[first].happening.before.followUps.filter(\.status.isPending).compactMap(\.acceptedBy))
        let isOver = steps[first...].contains { step in
            switch step.happening.event {
            case .pathway(.followUpDeclined), .pathway(.followUpCompleted): true
            default: false
            }
        }
        if !isOver { #expect(owners.isSubset(of: news.map(\.key.recipient)), "seed \(seed)") }
    }

    /// What waits and what is asked for anew: an ended follow-up leaves no question behind.
    @Test(arguments: UInt64(1)...12) func noQuestionOutlivesItsFollowUp(seed: UInt64) throws {
        let table = try Story.table()
        let territory = try Story.territory(protocols: true)
        var pending: [News] = []
        for step in try history(seed: seed) {
            let endings = table.endings(of: step.happening, in: territory)
            pending.removeAll { news in endings.contains { $0.ends(news) } }
            pending += step.news
            // What is for the référent-parcours waits with the follow-up, for it is said once.
            let orphans = pending.filter { news in
                guard news.asks, let followUp = step.happening.after.followUp(news.followUp ?? "") else { return news.asks }
                return followUp.status != .open && (followUp.status != .onHold || news.key.recipient != Story.referent)
            }
            #expect(orphans.isEmpty, "seed \(seed): \(orphans.map(Story.line)) after \(step.happening.event)")
        }
    }

    @Test(arguments: [UInt64(7), 8]) func theSamePrefixGivesTheSameNews(seed: UInt64) throws {
        let steps = try history(seed: seed)
        let again = try history(seed: seed)
        #expect(steps.map(\.news) == again.map(\.news))
        // Folded anew from the log, at every tenth event.
        let table = try Story.table()
        let territory = try Story.territory(protocols: true)
        let log = steps.compactMap { step -> PathwayEvent? in if case .pathway(let event) = step.happening.event { event } else { nil } }
        for index in stride(from: 0, to: log.count, by: 10) {
            let happening = Happening(
                .pathway(log[index]),
                id: steps[index].happening.id,
                recordedAt: steps[index].happening.recordedAt,
                stream: Story.stream,
                before: Pathway(folding: log[..<index])
            )
            #expect(table.news(for: happening, in: territory) == steps[index].news, "event \(index)")
        }
    }
}
