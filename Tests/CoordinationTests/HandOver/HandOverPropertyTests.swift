import Coordination
import EventStore
import LogTesting
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Random stories of one visit over three territories: reports and moves in any order, logs that refuse, hand-overs that break off or run
/// late. In the end one territory goes on with the visit, and knows all of it. Seeded; a failure names its seed.
@Suite struct HandOverPropertyTests {
    @Test(arguments: UInt64(1)...16)
    func oneTerritoryEndsWithTheWholeVisit(seed: UInt64) async throws {
        var chance = SplitMix64(seed: seed)
        let here = try await Neighbourhood(count: 3)
        let story = Self.story(here)
        var reports = story.shuffled(using: &chance)
        for _ in 0..<24 {
            let town = here.towns[Int.random(in: 0..<3, using: &chance)]
            // As a router would find it.
            let current = try Self.holder(here) ?? town
            switch Int.random(in: 0..<6, using: &chance) {
            case 0...1:
                await Self.unlessRefused {
                    if let report = reports.last { try await here.state(report, home: nil, in: current) }
                } then: {
                    _ = reports.popLast()
                }
            case 2:
                await Self.unlessRefused {
                    try await here.state(nil, home: town.address, in: current)
                } then: {
                }
            case 3:
                for other in here.towns { let refuses = Int.random(in: 0..<4, using: &chance) == 0; other.log.set { $0.refusesAppends = refuses } }
            case 4:
                await Self.unlessRefused {
                    try await here.plan(town)
                } then: {
                }
            default:
                await Self.unlessRefused {
                    _ = try await here.handOver.settle(town.pathway("V1"), of: town.id)
                } then: {
                }
            }
        }
        for town in here.towns { town.log.set { $0.refusesAppends = false } }
        for report in reports { try await here.state(report, home: nil, in: try Self.holder(here) ?? here.west) }
        let home = here.towns[Int.random(in: 0..<3, using: &chance)]
        try await here.state(nil, home: home.address, in: try #require(try Self.holder(here)))
        for _ in here.towns {
            for town in here.towns { _ = try await here.handOver.settle(town.pathway("V1"), of: town.id) }
        }
        for town in here.towns { try await here.plan(town) }

        let known = try here.towns.filter { try $0.state().reference != nil }
        let open = try known.filter { try $0.state().handedOver == nil }
        #expect(open.map(\.id) == [home.id], "seed \(seed)")
        #expect(try home.state().stay == Self.fold(story, here).stay, "seed \(seed)")
        for town in known where town.id != home.id {
            #expect(try town.state().followUps.allSatisfy { !$0.status.isPending }, "seed \(seed)")
        }
        // Planned where it goes on, with its own people; the référent's, where it was planned before the address was known.
        let visit = try #require(try home.state().followUps.first { $0.plan.role == .nurse && $0.status == .open }, "seed \(seed)")
        let isReferents = visit.assignment?.basis == Assignment.Basis.none
        #expect(visit.pendingOffers.map(\.to) == (isReferents ? [] : [home.nurse]), "seed \(seed)")
    }

    private static func story(_ here: Neighbourhood) -> [VisitReport] {
        let admitted = World.start.adding(days: -2)
        let early = here.movement("3", admitted.adding(hours: 30))
        return [
            .movement(.admission, here.movement("1", admitted), nil), .movement(.transfer, here.movement("2", admitted.adding(hours: 5)), nil),
            .movement(.discharge, early, DischargeMode(destination: .smr)), .cancellation(early.id, .discharge, early.statement),
            .movement(.discharge, here.movement("4", admitted.adding(hours: 44)), DischargeMode(destination: .home)),
        ]
    }

    private static func fold(_ story: [VisitReport], _ here: Neighbourhood) throws -> Pathway {
        let number = LocalIdentifier(authority: Neighbourhood.hospital, value: "V1")
        let patient = LocalIdentifier(authority: Neighbourhood.hospital, value: "P1")
        let reference = here.west.coordinator.streams.reference(visit: number, patient: patient)
        return try story.reduce(into: Pathway()) { whole, report in
            for event in try decide(.report(report, reference), given: whole, under: ProtocolLibrary()) { whole.evolve(with: event) }
        }
    }

    /// Who goes on with the visit: of several that keep it, the one to whom it came last.
    private static func holder(_ here: Neighbourhood) throws -> Neighbourhood.Town? {
        try here.towns.filter { try $0.state().reference != nil && $0.state().handedOver == nil }
            .max { try $0.state().handOverNumber < $1.state().handOverNumber }
    }

    /// What a log refuses is not acknowledged: its sender does it again, later or never.
    private static func unlessRefused(_ action: () async throws -> Void, then succeeded: () -> Void) async {
        do {
            try await action()
            succeeded()
        } catch is EventStoreError {
        } catch {
            Issue.record(error)
        }
    }
}
