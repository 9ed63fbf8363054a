import Pathways
import Projections
import Testing
import Timekeeping

@testable import Web

/// A pathway's page from a real story: discharged, one follow-up accepted and done, one declined, the others open.
enum PathwayMocks {
    /// Why somebody is asked after a team said no.
    static func why() async throws -> WhyPage {
        let house = try await House(teams: TestTerritory.nursesTogether)
        let stream = try await house.discharged()
        let nurse = try house.followUp(.nurse, of: stream)
        house.clock.advance(minutes: 10)
        let first = try house.asked(nurse, of: stream)
        for (index, to) in first.enumerated() {
            let (team, rpps) = to.hasPrefix("team:") ? (#","team":"marais""#, TestTerritory.nurse) : ("", to)
            _ = try await house.write("follow-ups/\(nurse)/decline", "{\"reason\":\"noCapacity\"\(team)}", by: rpps, key: "\(index)")
        }
        try await house.settle(stream)
        let caller = try PageCaller(rpps: TestTerritory.referent, in: try house.services.territory())
        let explanation = try #require(try house.services.why.explanation(ofFollowUp: nurse, inListOf: caller.rpps))
        return WhyPage(explanation, reader: [caller.rpps], caller: caller.badge, clock: try FormClock.of(house.services, house.clock.now))
    }

    static func page(as rpps: String, asOf position: Int64? = nil) async throws -> PathwayPage {
        let house = try await House()
        let stream = try await house.discharged()
        let gp = try house.followUp(.attendingGP, of: stream)
        let nurse = try house.followUp(.nurse, of: stream)
        let asked = try house.asked(nurse, of: stream)
        house.clock.advance(minutes: 25)
        _ = try await house.write("follow-ups/\(gp)/accept", by: TestTerritory.gp, key: "1")
        if let first = asked.first { _ = try await house.write("follow-ups/\(nurse)/decline", #"{"reason":"absent"}"#, by: first, key: "2") }
        house.clock.advance(minutes: 90)
        let done = #"{"at":"2026-11-22T10:40:00+01:00","outcome":"done","note":"Rendez-vous pris."}"#
        _ = try await house.write("follow-ups/\(gp)/complete", done, by: TestTerritory.gp, key: "3")
        try await house.settle(stream)

        let state = try house.services.territory()
        let caller = try PageCaller(rpps: rpps, in: state)
        let timeline = try #require(try house.services.timeline.timeline(of: stream, asOf: position))
        let now = house.clock.now
        let replayed = try #require(
            try house.services.replay.run(stream: stream, until: .position(timeline.position), now: now, referent: TestTerritory.referent)
        )
        let clock = try FormClock.of(house.services, now)
        return PathwayPage(
            replayed,
            timeline: timeline,
            PathwayPage.Surroundings(
                caller: caller,
                clock: clock,
                territory: state,
                flash: position == nil ? Flash(.accepted) : nil,
                key: "0192-cle",
                asOf: position.map { PathwayPage.AsOfBanner(at: clock.moment(now), position: $0) },
                isIdentityMasked: false,
                name: { try? house.services.directory.name(of: $0) },
                ledger: try NotificationMocks.ledger(of: replayed.pathway, for: caller, house, clock)
            )
        )
    }
}
