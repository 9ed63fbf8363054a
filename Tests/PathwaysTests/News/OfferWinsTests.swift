import Pathways
import Testing
import Timekeeping

/// A notice is left out only for whom an offer is made of the same thing: never both, and never neither.
@Suite("Told by a notice or by an offer")
struct OfferWinsTests {
    private typealias Story = NewsStory

    struct Variant: Sendable, CustomTestStringConvertible {
        let destination: DischargeDestination
        let refuses: Bool
        let isInPrado: Bool
        let gp: String

        var testDescription: String { "\(destination) refuses \(refuses) prado \(isInPrado) gp \(gp)" }
    }

    private static let variants: [Variant] = DischargeDestination.allCases.filter { $0 != .death }.flatMap { destination in
        [(false, false), (true, false), (false, true)].flatMap { refuses, isInPrado in
            [Story.gp, Story.absentGP].map { Variant(destination: destination, refuses: refuses, isInPrado: isInPrado, gp: $0) }
        }
    }

    /// As the planner of the coordinator asks: the patient's own professional first, unless they are away.
    private func context(_ now: Instant, _ territory: Territory?) -> PlanningContext {
        PlanningContext(
            now: now,
            timeZone: Example.paris,
            directoryVersion: 1,
            referent: Story.referent,
            identify: { "\($0)|\($1.value)" },
            assign: { request in
                if request.role == .referent { return Assignment(basis: .none, order: []) }
                if request.role == .dischargingUnit { return Assignment(basis: .unit, order: [Story.unit]) }
                let declared = request.stay.declared.first { $0.role == request.role }.flatMap { try? RPPS($0.rpps) }
                if let declared, territory?.isAbsent(declared, at: now) == false { return Assignment(basis: .declared, order: [declared.value]) }
                return Assignment(basis: .coverage, order: [Story.nurse])
            }
        )
    }

    @Test(arguments: variants) func neverBothAndNeverNeither(_ variant: Variant) throws {
        let territory = try Story.territory(protocols: true)
        let table = try Story.table()
        var state = Pathway()
        var count = 0
        // The absent doctor is away by then.
        let start = Example.instant("2026-12-22T09:00:00+01:00")
        let declared = [
            DeclaredProfessional(role: .attendingGP, rpps: variant.gp), DeclaredProfessional(role: .pharmacist, rpps: Story.pharmacist),
        ]
        func happen(_ event: PathwayEvent, at now: Instant) -> [News] {
            count += 1
            let happening = Happening(.pathway(event), id: "e\(count)", recordedAt: now, stream: Story.stream, before: state)
            state = happening.after
            return table.news(for: happening, in: territory)
        }
        let before: [PathwayEvent] =
            (variant.refuses ? [.careRefused(CareRefused(at: start, by: Example.by(Story.nurse), followUps: []))] : [])
            + (variant.isInPrado ? [.pradoEnrolled(PradoEnrolled(at: start, by: Example.by(Story.nurse)))] : [])
        for event in before { state.evolve(with: event) }
        let steps: [PathwayEvent] = [
            .patientAdmitted(.init(pathway: Example.reference, movement: Story.movement("1", start.rfc3339, declared: declared))),
            .dischargePlanned(DischargePlanned(plannedAt: start.adding(days: 4), by: Example.by(Story.unit, as: .hospital))),
            .patientDischarged(
                .init(
                    pathway: Example.reference,
                    movement: Story.movement("2", start.adding(days: 4).rfc3339, declared: declared),
                    mode: DischargeMode(destination: variant.destination, exitMode: "8")
                )
            ),
        ]
        for (day, event) in steps.enumerated() {
            let now = start.adding(days: Int64(day * 2))
            let notices = Set(happen(event, at: now).map(\.key.recipient))
            var offers: Set<String> = []
            for event in Given.events(.reconcile(context(now, territory.territory)), state) {
                offers.formUnion(happen(event, at: now).filter(\.asks).map(\.key.recipient))
            }
            for rpps in [variant.gp, Story.pharmacist] {
                #expect(notices.contains(rpps) != offers.contains(rpps), "step \(day), \(rpps): \(notices.contains(rpps) ? "both" : "neither")")
            }
            #expect((variant.gp == Story.absentGP) == notices.contains(Story.gp) || variant.gp == Story.gp, "who stands in is told")
        }
    }
}
