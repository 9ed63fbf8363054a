import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// Teams, what waits, what passed: who has a follow-up before them, who answers for it, and what is due next.
@Suite struct OwnershipTests {
    typealias People = TestTerritory

    private func open() async throws -> World {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: world.pathway("V1"))
        return world
    }

    private func items(_ world: World, _ rpps: String, asOf position: Int64? = nil) throws -> [ToDoItem] {
        try world.catchUp()
        return try world.list(rpps, asOf: position).items
    }

    @Test func aTeamsOfferIsInTheListOfItsMembersOfThen() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        let offered = try await world.record(world.offer("f", to: [People.team]), on: stream).position
        for rpps in [People.amelie, People.clement] {
            let item = try #require(try items(world, rpps).first)
            #expect(item.kind == .offered && item.team == DirectoryTeam(id: "challans-nurses", name: "Infirmiers de Challans"))
            #expect(item.patient == nil && item.owner?.rpps == People.camille)
            #expect(item.nextDeadline?.at == item.answerBy)
        }
        #expect(try items(world, People.nicolas).isEmpty)
        let owned = try #require(try items(world, People.camille).first)
        #expect(owned.waitingFor.map(\.name) == ["Infirmiers de Challans"] && owned.waitingFor.first?.rpps == nil)
        // Nicolas joins the team: what it is asked for is before him too, from there on.
        try await world.publish(People.yaml(version: 2, teamOfThree: true))
        #expect(try items(world, People.nicolas).map(\.kind) == [.offered] && items(world, People.nicolas, asOf: offered).isEmpty)
        let by = Attribution(rpps: People.clement)
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: by, team: "challans-nurses"), on: stream)
        #expect(try items(world, People.amelie).isEmpty && items(world, People.nicolas).isEmpty && items(world, People.camille).isEmpty)
        let item = try #require(try items(world, People.clement).first)
        #expect(item.kind == .accepted && item.team?.id == "challans-nurses" && item.patient != nil && item.owner?.rpps == People.clement)
        let document = String(decoding: try JSONEncoder().encode(try world.list(People.clement)), as: UTF8.self)
        #expect(document.contains("\"team\":{") && document.contains("\"nextDeadline\":{") && document.contains("\"owner\":{"))
    }

    @Test func aTeamDeclinesAsOneAndLapsedOffersLeaveTheList() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        try await world.record(world.offer("f", to: [People.team, People.nicolas]), on: stream)
        let decline = FollowUpDeclined(followUp: "f", by: Attribution(rpps: People.amelie), reason: .noCapacity, team: "challans-nurses")
        try await world.record(decline, on: stream)
        #expect(try items(world, People.clement).isEmpty && items(world, People.nicolas).count == 1)
        // Of another wave: it says nothing of this one.
        try await world.record(OffersLapsed(at: world.clock.now, followUp: "f", wave: 7, to: [People.nicolas]), on: stream)
        #expect(try items(world, People.nicolas).count == 1)
        try await world.record(OffersLapsed(at: world.clock.now, followUp: "f", wave: 1, to: [People.nicolas]), on: stream)
        #expect(try items(world, People.nicolas).isEmpty)
        try await world.record(world.offer("f", to: [], wave: 2, basis: .none, order: [], reason: "everybody-asked"), on: stream)
        #expect(try items(world, People.camille).first?.assignmentReason == "everybody-asked")
        try await world.record(
            SolicitationRestarted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.camille, capacity: .referent)),
            on: stream
        )
        #expect(try items(world, People.camille).first?.assignmentReason == nil)
    }

    @Test func onHoldIsBeforeItsKeeperAndTheReferent() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        let now = world.clock.now
        try await world.record(FollowUpAccepted(followUp: "f", at: now, by: Attribution(rpps: People.nicolas)), on: stream)
        try await world.record(FollowUpsHeld(followUps: ["f"], at: now, reviewAt: now.adding(days: 7)), on: stream)
        for rpps in [People.nicolas, People.camille] {
            try world.catchUp()
            let list = try world.list(rpps, now: now.adding(days: 100))
            let item = try #require(list.items(in: .onHold).first)
            #expect(list.items.count == 1 && !item.late && item.owner?.rpps == People.nicolas && item.since == now)
            #expect(item.nextDeadline == Deadline(at: now.adding(days: 7), kind: .holdReview(followUp: item.nextDeadline?.kind.followUp ?? "")))
        }
        let review = FollowUpEscalated(followUp: "f", at: now.adding(days: 7), step: 0, reason: .heldForLong, to: [People.camille])
        try await world.record(review, on: stream)
        let item = try #require(try items(world, People.camille).first)
        #expect(item.nextDeadline?.at == now.adding(days: 14) && item.escalations.map(\.reason) == [.heldForLong])
        try await world.record(FollowUpsResumed(followUps: ["f"], at: now.adding(days: 8)), on: stream)
        #expect(try items(world, People.nicolas).map(\.kind) == [.accepted] && items(world, People.camille).isEmpty)
        #expect(try items(world, People.nicolas).first?.nextDeadline?.kind.name == "escalation")
    }

    /// What the référent-parcours accepted themselves is on hold once, and given back it is still theirs to watch.
    @Test func theReferentKeepsOneLine() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        let (now, by) = (world.clock.now, Attribution(rpps: People.camille, capacity: .referent))
        try await world.record(FollowUpAccepted(followUp: "f", at: now, by: by), on: stream)
        try await world.record(FollowUpsHeld(followUps: ["f"], at: now, reviewAt: now.adding(days: 7)), on: stream)
        #expect(try items(world, People.camille).map(\.kind) == [.onHold])
        try await world.record(FollowUpDeclined(followUp: "f", by: by, reason: .other, givenBack: true), on: stream)
        #expect(try items(world, People.camille).map(\.kind) == [.onHold])
        try await world.record(FollowUpsResumed(followUps: ["f"], at: now), on: stream)
        #expect(try items(world, People.camille).map(\.kind) == [.owned])
    }

    @Test func whatPassedIsOnTheItemUntilItIsPlannedAnew() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        for step in 0..<12 {
            let at = world.clock.now.adding(days: Int64(2 + step))
            try await world.record(FollowUpEscalated(followUp: "f", at: at, step: step, reason: .overdue, to: [People.camille]), on: stream)
        }
        let item = try #require(try items(world, People.camille).first)
        #expect(item.escalations.count == 10 && item.escalations.last?.at == world.clock.now.adding(days: 13))
        #expect(item.escalations.first?.told == [ToDoItem.Person(rpps: People.camille, name: "Camille Moreau")])
        #expect(item.nextDeadline?.at == world.clock.now.adding(days: 66))
        try await world.record(FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .prado, told: [])]), on: stream)
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: stream)
        let again = try #require(try items(world, People.camille).first)
        #expect(again.escalations.isEmpty && again.nextDeadline?.at == again.dueBy)
    }

    /// What somebody accepted and does not do is in the list of whoever is told, until it is done, given back or planned at another time.
    @Test(arguments: ["given back", "done", "withdrawn", "moved", "on hold"])
    func whatIsEscalatedIsInTheListOfWhoIsTold(end: String) async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        let (now, by) = (world.clock.now, Attribution(rpps: People.nicolas, capacity: .professional))
        try await world.record(FollowUpAccepted(followUp: "f", at: now, by: by), on: stream)
        let soon = FollowUpEscalated(followUp: "f", at: now.adding(days: 1), step: 0, reason: .dueSoon, to: [People.camille])
        try await world.record(soon, on: stream)
        #expect(try items(world, People.camille).isEmpty)
        for step in 1...2 {
            let at = now.adding(days: Int64(2 + step))
            let late = FollowUpEscalated(followUp: "f", at: at, step: step, reason: .overdue, to: [People.nicolas, People.camille])
            try await world.record(late, on: stream)
        }
        let told = try #require(try items(world, People.camille).first)
        #expect(told.kind == .escalated && told.owner?.rpps == People.nicolas && told.since == now.adding(days: 4))
        #expect(try items(world, People.camille).count == 1 && items(world, People.nicolas).map(\.kind) == [.accepted])
        switch end {
        case "given back":
            let referent = Attribution(rpps: People.camille, capacity: .referent)
            try await world.record(FollowUpDeclined(followUp: "f", by: referent, reason: .other, givenBack: true), on: stream)
        case "done": try await world.record(FollowUpCompleted(followUp: "f", at: now, by: by, outcome: .done), on: stream)
        case "withdrawn": try await world.record(FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .prado, told: [])]), on: stream)
        case "moved": try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: stream)
        default: try await world.record(FollowUpsHeld(followUps: ["f"], at: now, reviewAt: now.adding(days: 7)), on: stream)
        }
        #expect(try items(world, People.camille).allSatisfy { $0.kind != .escalated })
        #expect(try items(world, People.camille).map(\.kind) == (end == "given back" ? [.owned] : end == "on hold" ? [.onHold] : []))
    }

    @Test func aReportIsShownToWhoeverSeesThePatient() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        let by = Attribution(rpps: People.nicolas)
        let alert = AlertSignReported(report: "r", at: world.clock.now, by: by, sign: .bleeding, called: ["sas"], note: "SECRET")
        try await world.record(alert, on: stream)
        let plan = PlannedFollowUp(
            id: "a",
            rule: RuleReference(followUpProtocol: "plain-home-discharge", rule: "alert"),
            protocolVersion: 2,
            role: .attendingGP,
            title: "Rappeler le patient",
            priority: .urgent,
            dueFrom: world.clock.now,
            dueBy: world.clock.now.adding(hours: 2),
            answerWithinMinutes: 30,
            movement: .report("r"),
            trigger: .alertSign
        )
        try await world.record(FollowUpsPlanned(followUps: [plan]), on: stream)
        try await world.record(world.offer("a", to: [People.antoine]), on: stream)
        let asked = try #require(try items(world, People.antoine).first)
        #expect(asked.trigger == .alertSign && asked.report == nil)
        let owned = try #require(try items(world, People.camille).first { $0.followUp == "a" })
        #expect(owned.report?.sign == .bleeding && owned.report?.by.name == "Nicolas Besson" && owned.report?.called == ["sas"])
        let document = String(decoding: try JSONEncoder().encode(try world.list(People.camille)), as: UTF8.self)
        #expect(document.contains("bleeding") && !document.contains("SECRET"))
    }

    @Test func aClosedPathwaysNoticeSaysSo() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        try await world.record(FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .refused, told: [People.nicolas])]), on: stream)
        try await world.record(PathwayClosed(at: world.clock.now, reason: .refusal), on: stream)
        let notice = try #require(try items(world, People.nicolas).first)
        #expect(notice.status == .closed && notice.withdrawal == .refused && notice.owner == nil && notice.nextDeadline == nil)
        try await world.record(PathwayReopened(at: world.clock.now), on: stream)
        #expect(try items(world, People.nicolas).first?.status == .discharged)
    }
}
