import Pathways
import TestSupport
import Testing
import Timekeeping

/// I5: the same messages end in the same stay, movements and open follow-ups, whatever the order in which they come, and however often.
@Suite struct StoryPermutationTests {
    private struct End: Hashable {
        let stay: Stay
        let movements: [StatedMovement]
        let status: Pathway.Status?
        /// Which follow-ups are open, and by when.
        let open: Set<String>
        /// Which wait because the patient is in hospital again.
        let held: Set<String>
    }

    private static let now = "2026-10-16T09:00:00+02:00"

    private static func end(_ pathway: Pathway) -> End {
        var planned = pathway
        for event in Given.events(.reconcile(Example.context(at: now)), pathway) { planned.evolve(with: event) }
        func ids(_ isIncluded: (FollowUp) -> Bool) -> Set<String> {
            Set(planned.followUps.filter(isIncluded).map { "\($0.id) \($0.plan.dueFrom.rfc3339) \($0.plan.dueBy.rfc3339)" })
        }
        return End(
            stay: pathway.stay,
            movements: pathway.history.movements,
            status: pathway.status,
            open: ids { $0.status.isPending && $0.status != .onHold },
            held: ids { $0.status == .onHold }
        )
    }

    @Test(arguments: Stories.all) func endsAsTheRulesSay(_ expected: Stories.Expectation) {
        let told = expected.story.told
        #expect(told.status == expected.status)
        #expect(told.stay.unit?.code == expected.unit)
        #expect(told.stay.mode?.destination == expected.destination)
        #expect(told.stay.isEmergencyVisit != expected.isStay)
        if let admittedAt = expected.admittedAt { #expect(told.stay.admittedAt == Example.instant(admittedAt)) }
        if expected.status == .discharged { #expect(told.stay.dischargedAt == Example.instant(Stories.inTime)) }
        // Beside what the city is told while the patient is in hospital.
        #expect(Self.end(told).open.filter { !$0.hasPrefix("plain-home-discharge/gp-admission-notice") }.count == expected.open)
    }

    @Test(arguments: Stories.all) func endsTheSameInEveryOrder(_ expected: Stories.Expectation) {
        let reports = expected.story.reports
        #expect((2...6).contains(reports.count))
        let wanted = Self.end(expected.story.told)
        let seed: UInt64 = 0x5EED
        var chance = SplitMix64(seed: seed)
        // Most orders end in the very same value: what would be planned for it is asked once.
        var ends: [Pathway: End] = [:]
        for order in permutations(of: Array(reports.indices)) {
            var pathway = Pathway()
            func state(_ index: Int) {
                for event in Given.events(.report(reports[index], Example.reference), pathway) { pathway.evolve(with: event) }
            }
            for (place, index) in order.enumerated() {
                state(index)
                // A message that came before comes again, and the planner runs, where chance says.
                if Bool.random(using: &chance) { state(order[Int.random(in: 0...place, using: &chance)]) }
                if Int.random(in: 0..<12, using: &chance) == 0 {
                    for event in Given.events(.reconcile(Example.context(at: Self.now)), pathway) { pathway.evolve(with: event) }
                }
            }
            #expect(pathway.history.held.isEmpty, "order \(order), seed \(seed)")
            let end = ends[pathway] ?? Self.end(pathway)
            ends[pathway] = end
            #expect(end == wanted, "order \(order), seed \(seed)")
            for report in reports { #expect(Given.events(.report(report, Example.reference), pathway).isEmpty, "order \(order)") }
        }
    }

    /// What is folded as it comes is what is folded anew from the log.
    @Test(arguments: Stories.all) func theLogTellsTheSame(_ expected: Stories.Expectation) {
        var pathway = Pathway()
        var log: [PathwayEvent] = []
        for report in expected.story.reports.reversed() {
            let events = Given.events(.report(report, Example.reference), pathway)
            log += events
            for event in events { pathway.evolve(with: event) }
        }
        #expect(Pathway(folding: log) == pathway)
    }

    private func permutations(of items: [Int]) -> [[Int]] {
        guard let last = items.last else { return [[]] }
        return permutations(of: items.dropLast()).flatMap { rest in
            (0...rest.count).map { index in Array(rest.prefix(index)) + [last] + Array(rest.suffix(from: index)) }
        }
    }
}
