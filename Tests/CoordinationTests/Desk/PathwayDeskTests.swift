import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct PathwayDeskTests {
    private func perform(
        _ step: PathwayDesk.Step,
        _ world: World,
        by rpps: String = Staff.referent,
        key: String = "k"
    ) async throws -> Coordinator.Outcome {
        try await PathwayDesk(coordinator: world.coordinator)
            .perform(step, on: world.pathway(), by: try world.caller(rpps), key: RequestKey(key: key, body: Array("\(step)".utf8)))
    }

    private func answer(_ outcome: Coordinator.Outcome) -> String? {
        switch outcome {
        case .done(let answer, _): String(decoding: answer, as: UTF8.self)
        case .repeated(let answer, _): answer.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static let rules = [
        LoopProtocol.rule("alert", role: "attending-gp", ", trigger: alert-sign"),
        LoopProtocol.rule("prescription", role: "attending-gp", ", trigger: prescription-missing"),
        LoopProtocol.rule("booking", role: "attending-gp", ", books: true"),
    ]

    private func world(_ kind: LogKind = .memory) async throws -> World {
        let world = try await World(kind, loop: LoopProtocol(more: Self.rules))
        try await world.returnHome()
        return world
    }

    @Test(arguments: LogKind.allCases)
    func anAlertIsReportedOnceAndSomebodyIsAsked(kind: LogKind) async throws {
        let world = try await world(kind)
        let visit = try world.followUp("visit")
        let nurse = try #require(visit.pendingOffers.first?.to)
        try await world.act(.accept, on: visit, by: nurse)
        let called: [EmergencyContact] = [.samu, .attendingGP]
        let alert = PathwayDesk.Step.reportAlert(.breathlessness, at: world.clock.now, followUp: visit.id, called: called, note: "au repos")
        let report = answer(try await perform(alert, world, by: nurse))
        #expect(answer(try await perform(alert, world, by: nurse)) == report)
        #expect(try world.count(AlertSignReported.type) == 1)
        try await world.plan()
        #expect(try world.followUp("alert").plan.movement == MovementID(authority: "report", value: report ?? ""))
        #expect(try !world.followUp("alert").pendingOffers.isEmpty)
    }

    @Test(arguments: LogKind.allCases)
    func aPrescriptionIsMissingUntilItIsObtained(kind: LogKind) async throws {
        let world = try await world(kind)
        let report = try #require(answer(try await perform(.reportPrescriptionMissing(at: world.clock.now, followUp: nil, note: nil), world)))
        try await world.plan()
        #expect(try world.followUp("prescription").status == .open)
        await #expect(
            performing: { _ = try await perform(.obtainPrescription(report: "none", at: world.clock.now), world, key: "other") },
            throws: { ($0 as? Rejection)?.code == .unknownReport }
        )
        _ = try await perform(.obtainPrescription(report: report, at: world.clock.now), world, key: "obtained")
        try await world.plan()
        #expect(try world.followUp("prescription").withdrawal == .resolved)
    }

    @Test(arguments: LogKind.allCases)
    func pradoTakesTheBookingAndGivesItBack(kind: LogKind) async throws {
        let world = try await world(kind)
        let asked = try world.followUp("booking").pendingOffers.map(\.to)
        _ = try await perform(.enrolInPrado(at: world.clock.now), world)
        try await world.plan()
        #expect(try world.followUp("booking").withdrawal == .prado)
        #expect(try Set(world.followUp("booking").toldOfWithdrawal) == Set(asked))
        #expect(try world.followUp("visit").status == .open)
        _ = try await perform(.leavePrado(at: world.clock.now), world, key: "left")
        try await world.plan()
        #expect(try world.followUp("booking").status == .open)
    }

    @Test(arguments: LogKind.allCases, [true, false])
    func whatThePatientRefusesEndsUntilTheyTakeItBack(kind: LogKind, all: Bool) async throws {
        let world = try await world(kind)
        let visit = try world.followUp("visit")
        _ = try await perform(.refuseCare(followUps: all ? [] : [visit.id], at: world.clock.now), world)
        try await world.plan()
        #expect(try world.followUp("visit").withdrawal == .refused)
        #expect(try world.followUp("booking").status == (all ? .withdrawn : .open))
        _ = try await perform(.takeBackRefusal(at: world.clock.now), world, key: "back")
        try await world.plan()
        #expect(try world.followUp("visit").status == .open)
    }

    @Test func onlyTheReferentClosesAndNothingMayBePending() async throws {
        let world = try await world()
        await #expect(
            performing: { _ = try await perform(.close(.goalReached), world) },
            throws: { ($0 as? Rejection)?.code == .stillPending }
        )
        await #expect(
            performing: { _ = try await perform(.close(.followedElsewhere), world, by: Staff.nurses[0], key: "nurse") },
            throws: { ($0 as? Rejection)?.code == .referentOnly }
        )
        _ = try await perform(.close(.followedElsewhere), world, key: "close")
        try await world.plan()
        #expect(try world.state().status == .closed)
        #expect(try world.state().followUps.allSatisfy { $0.status == .withdrawn })
        #expect(try SQLiteDeadlineStore(store: try world.store()).next() == nil)
        _ = try await perform(.reopen, world, key: "reopen")
        try await world.plan()
        #expect(try world.state().status != .closed)
    }

    @Test func nothingIsSaidOfAPathwayThatNobodyKnows() async throws {
        let world = try await World()
        await #expect(
            performing: { _ = try await perform(.enrolInPrado(at: world.clock.now), world) },
            throws: { ($0 as? Rejection)?.code == .unknownPathway }
        )
    }
}
