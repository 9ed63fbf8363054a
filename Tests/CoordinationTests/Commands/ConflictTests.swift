import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Two coordinators on one log are two tasks of which one lags: each remembers states that the other has made old.
@Suite struct ConflictTests {
    @Test(arguments: LogKind.allCases)
    func ofAThousandWhoAcceptOneWins(kind: LogKind) async throws {
        var territory = SmallTerritory()
        let crowd = (200..<1_200).map(Staff.rpps)
        territory.people += crowd.map { .init(rpps: $0, role: "nurse", communes: []) }
        let world = try await World(kind, publishing: territory)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let assignment = try #require(followUp.assignment)
        let everybody = OffersMade.Solicitation(followUp: followUp.id, wave: 2, to: crowd, until: followUp.plan.dueBy, assignment: assignment)
        _ = try await world.coordinator.perform(nil) { work in
            work.record(
                OffersMade(at: world.clock.now, solicitations: [everybody], directoryVersion: 1),
                on: world.pathway(),
                by: world.author
            )
            return []
        }

        let callers = try crowd.map { try world.caller($0) }
        let desk = FollowUpDesk(coordinator: world.coordinator)
        let answers = await withTaskGroup(of: Result<String, any Error>.self) { group in
            for caller in callers {
                group.addTask {
                    do {
                        _ = try await desk.perform(.accept, on: followUp.id, in: world.pathway(), by: caller, key: nil)
                        return .success(caller.attribution.rpps)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        let winners = answers.compactMap { try? $0.get() }
        let refusals = answers.compactMap { if case .failure(let error) = $0 { (error as? Rejection)?.code } else { nil } }
        #expect(winners.count == 1)
        #expect(refusals.count == 999)
        #expect(Set(refusals) == [.alreadyAccepted])
        #expect(try world.count(FollowUpAccepted.type) == 1)
        #expect(try world.followUp("nurse-first-visit").acceptedBy == winners.first)
    }

    /// The same from a team's queue, where each was asked by one and the same offer.
    @Test(arguments: LogKind.allCases)
    func ofAThousandWhoClaimOneWins(kind: LogKind) async throws {
        var territory = SmallTerritory()
        let crowd = (200..<1_200).map(Staff.rpps)
        territory.people.removeAll { $0.role == "nurse" }
        territory.people += crowd.map { .init(rpps: $0, role: "nurse", communes: []) }
        territory.teams = [.init(id: "crowd", role: "nurse", members: crowd)]
        let world = try await World(kind, publishing: territory, loop: LoopProtocol())
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        #expect(followUp.pendingOffers.map(\.to) == ["team:crowd"])
        let callers = try crowd.map { try world.caller($0) }
        let desk = FollowUpDesk(coordinator: world.coordinator)
        let codes = await withTaskGroup(of: Rejection.Code?.self) { group in
            for (index, caller) in callers.enumerated() {
                group.addTask {
                    do {
                        let key = RequestKey(key: "claim-\(index)", body: [])
                        _ = try await desk.perform(.claim(team: "crowd"), on: followUp.id, in: world.pathway(), by: caller, key: key)
                        return nil
                    } catch {
                        return (error as? Rejection)?.code ?? Rejection.Code(rawValue: "\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .alreadyAccepted } == 999)
        #expect(try world.count(FollowUpAccepted.type) == 1)
    }

    @Test(arguments: LogKind.allCases)
    func concurrentCommandsOnOnePathwayAllHappen(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let open = try world.state().followUps.filter { !$0.pendingOffers.isEmpty }
        #expect(open.count == 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for followUp in open {
                let asked = try #require(followUp.pendingOffers.first?.to)
                group.addTask { try await world.act(.accept, on: followUp, by: asked) }
                group.addTask { try await world.act(.note("vu"), on: followUp, by: asked) }
            }
            try await group.waitForAll()
        }
        #expect(try world.count(FollowUpAccepted.type) == 4)
        #expect(try world.count(FollowUpNoted.type) == 4)
        #expect(try world.recorded(world.pathway()).map(\.version) == Array(1...Int64(try world.recorded(world.pathway()).count)))
    }

    @Test(arguments: LogKind.allCases)
    func aDecisionOnAnOldStateIsMadeAnew(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let (first, second) = (followUp.pendingOffers[0].to, followUp.pendingOffers[1].to)
        let laggard = world.anotherCoordinator()
        _ = try laggard.loader.pathway(world.pathway())
        try await world.act(.decline(.noCapacity), on: followUp, by: first)
        var decisions = 0
        _ = try await laggard.perform(nil) { work in
            decisions += 1
            let by = Attribution(rpps: second)
            try work.decide(.accept(followUp: followUp.id, by: by, at: world.clock.now), on: world.pathway(), by: world.author)
            return []
        }
        #expect(decisions == 2)
        #expect(try world.followUp("nurse-first-visit").acceptedBy == second)
        #expect(try world.events().suffix(2).map { $0.body is FollowUpDeclined } == [true, false])
    }

    @Test(arguments: LogKind.allCases)
    func aRefusalOnAnOldStateIsDecidedAnew(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        let laggard = world.anotherCoordinator()
        #expect(try laggard.loader.pathway(world.pathway()).state.status == .admitted)
        try await world.discharge()
        let desk = HospitalDesk(coordinator: laggard)
        _ = try await desk.perform(
            .confirmHomeReturn(at: World.start.adding(hours: 1), .visit),
            on: world.pathway(),
            by: try world.caller(Staff.referent),
            key: RequestKey(key: "k", body: [1])
        )
        #expect(try world.state().status == .atHome)
    }

    @Test func aRefusalOnTheLatestStateStands() async throws {
        let world = try await World()
        try await world.admit()
        let head = try world.head()
        var decisions = 0
        let by = Attribution(rpps: Staff.referent, capacity: .referent)
        let confirmation = HomeReturnConfirmed(at: World.start, by: by, howKnown: .visit)
        await #expect(
            performing: {
                _ = try await world.coordinator.perform(nil) { work in
                    decisions += 1
                    try work.decide(.confirmHomeReturn(confirmation), on: world.pathway(), by: world.author)
                    return []
                }
            },
            throws: { ($0 as? Rejection)?.code == .notDischarged }
        )
        #expect(decisions == 1)
        #expect(try world.head() == head)
    }

    @Test(arguments: LogKind.allCases, [nil, "k"])
    func nothingToDoOnAnOldStateIsDecidedAnew(kind: LogKind, key: String?) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        let laggard = world.anotherCoordinator()
        #expect(try laggard.loader.pathway(world.pathway()).state.followUp(followUp.id)?.acceptedBy == nurse)
        try await world.act(.decline(.absent), on: followUp, by: nurse)

        // Accepting what one has is nothing to do; but it was given back since, and is taken anew.
        let desk = FollowUpDesk(coordinator: laggard)
        let request = key.map { RequestKey(key: $0, body: []) }
        _ = try await desk.perform(.accept, on: followUp.id, in: world.pathway(), by: try world.caller(nurse), key: request)
        #expect(try world.count(FollowUpAccepted.type) == 2)
        #expect(try world.followUp("nurse-first-visit").owner == .professional(nurse))
    }

    @Test(arguments: LogKind.allCases)
    func aStreamThatWasWeighedButNotChangedIsChecked(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit("V1")
        try await world.admit("V2")
        let laggard = world.anotherCoordinator()
        _ = try laggard.loader.pathway(world.pathway("V1"))
        try await world.discharge("V1")

        // A decision on V2 that depends on where V1 stands.
        var seen: [Pathway.Status?] = []
        let plannedAt = World.start.adding(days: 1)
        _ = try await laggard.perform(nil) { work in
            seen.append(try work.pathway(world.pathway("V1")).status)
            let by = Attribution(rpps: Staff.unitContact, capacity: .hospital)
            try work.decide(.planDischarge(at: plannedAt, by: by), on: world.pathway("V2"), by: world.author)
            return []
        }
        #expect(seen == [.admitted, .discharged])
        #expect(try world.state("V2").plannedDischargeAt == plannedAt)
    }

    @Test(arguments: LogKind.allCases)
    func whoeverAlwaysLosesIsToldSo(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("gp-visit")
        var decisions = 0
        await #expect(throws: CoordinationError.tooMuchContention) {
            _ = try await world.coordinator.perform(nil) { work in
                decisions += 1
                let note = FollowUpNoted(followUp: followUp.id, by: Attribution(rpps: Staff.referent), note: "vu")
                work.record(note, on: world.pathway(), expecting: .exactly(1), by: world.author)
                return []
            }
        }
        #expect(decisions == 12)
        #expect(try world.count(FollowUpNoted.type) == 0)
    }
}
