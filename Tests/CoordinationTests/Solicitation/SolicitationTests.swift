import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Whom is asked, one after another, as time passes and people answer.
@Suite struct SolicitationTests {
    private func declared(_ rpps: String) -> [DeclaredProfessional] { [DeclaredProfessional(role: .nurse, rpps: rpps)] }

    private func after(_ minutes: Int64) -> Instant { World.start.adding(minutes: minutes) }

    @Test(arguments: LogKind.allCases)
    func theOwnNurseAloneThenWavesThenTheReferent(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol())
        try await world.returnHome(declared: declared(Staff.nurses[3]))
        let followUp = try world.followUp("visit")
        let others = world.published(followUp, among: Staff.nurses.filter { $0 != Staff.nurses[3] })
        #expect(followUp.assignment?.basis == .declared)
        #expect(followUp.pendingOffers.map(\.until) == [after(60)])

        // One minute before, nothing happens.
        try await world.run(until: after(59))
        #expect(try world.waves(of: followUp) == [[Staff.nurses[3]]])
        try await world.run(until: after(60))
        #expect(try world.followUp("visit").pendingOffers.map(\.until) == [after(90), after(90)])
        try await world.run(until: after(24 * 60))
        #expect(try world.waves(of: followUp) == [[Staff.nurses[3]], Array(others[0...1]), Array(others[2...3]), Array(others[4...5]), []])
        let expected = [60, 90, 120, 150].enumerated().map { World.Passed(what: "lapsed", at: after(Int64($1)), number: $0 + 1) }
        #expect(try world.passed() == expected)

        // Nobody is left: the référent-parcours has it, and the next word on it is its escalation.
        let left = try world.followUp("visit")
        #expect(left.status == .open && left.pendingOffers.isEmpty)
        #expect(left.owner == .referent)
        #expect(left.assignment?.reason == "everybody-asked")
        #expect(left.nextDeadline?.at == left.plan.dueBy)
        try await world.act(.accept, on: left, by: Staff.referent)
    }

    @Test(arguments: LogKind.allCases)
    func aDeclineAsksTheNextAtOnce(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol())
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let order = world.published(followUp, among: Staff.nurses)
        #expect(followUp.assignment?.order == order)
        world.clock.set(after(10))
        for rpps in order.prefix(2) { try await world.act(.decline(.noCapacity), on: followUp, by: rpps) }
        try await world.plan()
        #expect(try world.followUp("visit").pendingOffers.map { [$0.to: $0.until] } == order[2...3].map { [$0: after(40)] })
        #expect(try world.passed().isEmpty)
    }

    /// A late yes is a yes, as long as nobody has said so.
    @Test func whoAnswersAfterTheirTimeMayStillHaveIt() async throws {
        let world = try await World(loop: LoopProtocol())
        try await world.returnHome()
        let order = try #require(try world.followUp("visit").assignment?.order)
        try await world.run(until: after(31))
        let followUp = try world.followUp("visit")
        #expect(followUp.pendingOffers.map(\.to) == Array(order[2...3]))
        try await world.act(.accept, on: followUp, by: order[0])
        #expect(try world.followUp("visit").owner == .professional(order[0]))
        await #expect(
            performing: { try await world.act(.accept, on: followUp, by: order[2]) },
            throws: { ($0 as? Rejection)?.code == .alreadyAccepted }
        )
    }

    @Test(arguments: LogKind.allCases)
    func whoHasLessInHandIsAskedFirst(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol())
        let busy = Array(Staff.nurses.prefix(3))
        for (index, rpps) in [busy[0], busy[0], busy[1], busy[2], busy[2], busy[2]].enumerated() {
            try await world.returnHome("B\(index)", declared: declared(rpps))
            try await world.act(.accept, on: try world.followUp("visit", of: "B\(index)"), of: "B\(index)", by: rpps)
        }
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let free = world.published(followUp, among: Array(Staff.nurses.dropFirst(3)))
        let order = free + [busy[1], busy[0], busy[2]]
        #expect(followUp.assignment?.order == order)
        let loads = try #require(followUp.assignment?.loads)
        #expect(loads.map(\.who) == order)
        #expect(loads.map(\.inHand) == [0, 0, 0, 0, 1, 2, 3])
        // What was weighed can be counted again by whoever reads the log up to there.
        let made = try world.events().compactMap { if case .offersMade(let body) = $0 { body } else { nil } }
        let position = try #require(made.first?.loadPosition)
        let accepted = try world.recorded().filter { $0.position <= position && $0.type == FollowUpAccepted.type }
        #expect(accepted.count == 6)
        #expect(position < (try world.head()))
    }

    /// Somebody who took a follow-up of this pathway is asked alone for the next one of their role.
    @Test func whoTakesPartIsAskedFirst() async throws {
        let more = LoopProtocol.rule("look", role: "nurse", ", trigger: alert-sign")
        let world = try await World(loop: LoopProtocol(more: [more]))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let nurse = try #require(followUp.pendingOffers.last?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        let alert = PathwayDesk.Step.reportAlert(.fever, at: world.clock.now, followUp: followUp.id, called: [.sas], note: nil)
        _ = try await PathwayDesk(coordinator: world.coordinator)
            .perform(alert, on: world.pathway(), by: try world.caller(nurse), key: RequestKey(key: "alert", body: []))
        try await world.plan()
        let look = try world.followUp("look")
        #expect(look.assignment?.basis == .circle)
        #expect(look.assignment?.alone == 1)
        #expect(look.pendingOffers.map(\.to) == [nurse])
        #expect(look.assignment?.order == [nurse] + (look.assignment?.loads.map(\.who).filter { $0 != nurse } ?? []))
        #expect(look.assignment?.loads.last?.who == nurse)
    }

    // MARK: - Teams

    private static let team = SmallTerritory.Team(id: "challans-nurses", role: "nurse", members: Array(Staff.nurses.prefix(4)))

    private func withTeam(_ kind: LogKind = .memory) async throws -> World {
        var territory = SmallTerritory()
        territory.teams = [Self.team]
        return try await World(kind, publishing: territory, loop: LoopProtocol())
    }

    @Test(arguments: LogKind.allCases)
    func aTeamIsAskedAsOneAndAMemberClaims(kind: LogKind) async throws {
        let world = try await withTeam(kind)
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let queue = "team:challans-nurses"
        let order = world.published(followUp, among: [queue] + Staff.nurses.dropFirst(4))
        #expect(followUp.assignment?.order == order)
        if !followUp.pendingOffers.contains(where: { $0.to == queue }) { try await world.run(until: after(30)) }
        #expect(try world.followUp("visit").pendingOffers.contains { $0.to == queue })

        let asked = try world.followUp("visit")
        await #expect(
            performing: { try await world.act(.claim(team: "challans-nurses"), on: asked, by: Staff.nurses[5]) },
            throws: { ($0 as? Rejection)?.code == .notOfTheTeam }
        )
        await #expect(
            performing: { try await world.act(.claim(team: "none"), on: asked, by: Staff.nurses[0]) },
            throws: { ($0 as? Rejection)?.code == .notOfTheTeam }
        )
        try await world.act(.claim(team: "challans-nurses"), on: asked, by: Staff.nurses[2])
        let taken = try world.followUp("visit")
        #expect(taken.owner == .professional(Staff.nurses[2]))
        #expect(taken.acceptedFor == "challans-nurses")
        await #expect(
            performing: { try await world.act(.claim(team: "challans-nurses"), on: asked, by: Staff.nurses[1]) },
            throws: { ($0 as? Rejection)?.code == .alreadyAccepted }
        )
    }

    @Test func aMemberSaysNoForTheTeam() async throws {
        let world = try await withTeam()
        try await world.returnHome()
        let queue = "team:challans-nurses"
        while try !world.followUp("visit").pendingOffers.contains(where: { $0.to == queue }) {
            try await world.run(until: world.clock.now.adding(minutes: 30))
        }
        let followUp = try world.followUp("visit")
        try await world.act(.declineForTeam("challans-nurses", .noCapacity), on: followUp, by: Staff.nurses[1])
        let declined = try world.followUp("visit").offers.filter { $0.answer == .declined }
        #expect(declined.map(\.to) == [queue])
        try await world.run(until: world.clock.now.adding(hours: 12))
        #expect(try world.waves(of: followUp).flatMap { $0 }.count { $0 == queue } == 1)
    }

    @Test func aTeamOfWhichAllAreAwayIsNotAsked() async throws {
        var territory = SmallTerritory()
        territory.teams = [Self.team]
        for rpps in Self.team.members { territory.setAbsence(of: rpps, "{from: 2026-11-10, to: 2026-11-20}") }
        let world = try await World(publishing: territory, loop: LoopProtocol())
        try await world.returnHome()
        #expect(Set(try world.followUp("visit").assignment?.order ?? []) == Set(Staff.nurses.dropFirst(4)))
    }

    // MARK: - Who is away

    @Test(arguments: [true, false])
    func whereNobodyIsOnDutyTheProductSaysSo(allAreAway: Bool) async throws {
        var territory = SmallTerritory()
        if allAreAway {
            for rpps in Staff.nurses { territory.setAbsence(of: rpps, "{from: 2026-11-10, to: 2026-11-20}") }
        } else {
            territory.people.removeAll { $0.role == "nurse" }
        }
        let world = try await World(publishing: territory, loop: LoopProtocol())
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        #expect(followUp.assignment?.reason == (allAreAway ? "nobody-on-duty" : "nobody-covers-commune"))
        #expect(followUp.owner == .referent)
        #expect(try world.waves(of: followUp) == [[]])
    }

    @Test(arguments: LogKind.allCases)
    func whoeverIsAwaySinceTheOrderWasMadeIsPassedOver(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol(waveSize: 1))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let order = try #require(followUp.assignment?.order)
        let away = Absence(from: world.clock.now, to: world.clock.now.adding(days: 3))
        _ = try await AbsenceDesk(coordinator: world.coordinator)
            .declare(away, of: order[1], by: try world.caller(order[1]), key: RequestKey(key: "away", body: []))
        try await world.run(until: after(30))
        #expect(try world.waves(of: followUp) == [[order[0]], [order[2]]])
    }

    /// An absence that is declared counts like a published one: the replacement stands in.
    @Test func theReplacementStandsIn() async throws {
        var territory = SmallTerritory()
        let substitute = Staff.rpps(30)
        territory.people.append(.init(rpps: substitute, role: "nurse", communes: []))
        let world = try await World(publishing: territory, loop: LoopProtocol())
        let away = Absence(from: world.clock.now, to: world.clock.now.adding(days: 3), replacement: try RPPS(substitute))
        _ = try await AbsenceDesk(coordinator: world.coordinator)
            .declare(away, of: Staff.nurses[0], by: try world.caller(Staff.referent), key: RequestKey(key: "away", body: []))
        try await world.returnHome()
        #expect(Set(try world.followUp("visit").assignment?.order ?? []) == Set(Staff.nurses.dropFirst() + [substitute]))
    }

    // MARK: - Again

    @Test(arguments: LogKind.allCases)
    func theReferentHasItOfferedAnew(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol(waveSize: 4))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let order = try #require(followUp.assignment?.order)
        try await world.act(.decline(.outsideSector), on: followUp, by: order[1])
        try await world.run(until: after(180))
        #expect(try world.waves(of: followUp) == [Array(order[0...3]), Array(order[4...6]), []])
        await #expect(
            performing: { try await world.act(.solicitAgain, on: followUp, by: order[0]) },
            throws: { ($0 as? Rejection)?.code == .referentOnly }
        )
        try await world.act(.solicitAgain, on: followUp, by: Staff.referent)
        try await world.run(until: after(360))
        let again = order.filter { $0 != order[1] }
        #expect(try world.waves(of: followUp).suffix(3) == [Array(again[0...3]), Array(again[4...5]), []])
    }

    // MARK: - At night

    @Test(arguments: [("normal", "2026-11-17T07:30:00+01:00"), ("high", "2026-11-17T07:30:00+01:00"), ("urgent", "2026-11-16T21:30:00+01:00")])
    func nobodyIsHurriedAtNight(priority: String, until: String) async throws {
        var territory = SmallTerritory()
        territory.quietHours = "{from: \"20:00\", to: \"07:00\"}"
        let world = try await World(publishing: territory, loop: LoopProtocol(priority: priority))
        try await world.admit()
        try await world.discharge()
        world.clock.set(at("2026-11-16T21:00:00+01:00"))
        try await world.plan()
        #expect(Set(try world.followUp("visit").pendingOffers.map(\.until)) == [at(until)])
    }
}
