import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct WhyTests {
    typealias People = TestTerritory

    private func reader(_ world: World) throws -> WhyReader {
        try world.catchUp()
        return WhyReader(views: try world.views(), log: world.log, sealer: PlainSealer(), territory: world.territoryStream)
    }

    /// A stay with one follow-up "f" for which Nicolas was asked alone, then the team.
    private func story() async throws -> World {
        let world = try World()
        try await world.publish(People.yaml())
        let file = try #require(BundledFiles.protocols.first { $0.yaml.contains("id: plain-home-discharge") })
        let parsed = try ProtocolFile.parse(yaml: file.yaml, file: file.name)
        try await world.record(
            ProtocolPublished(protocolID: parsed.id, version: 3, digest: String(repeating: "b", count: 64), content: file.yaml),
            on: world.territoryStream
        )
        try await world.stay("V1")
        let stream = world.pathway("V1")
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f", movement: "V1-2"), world.plan("g", movement: "V1-2")]), on: stream)
        let order = [People.nicolas, People.team]
        try await world.record(world.offer("f", to: [People.nicolas], basis: .declared, order: order), on: stream)
        world.clock.move(to: world.clock.now.adding(hours: 4))
        try await world.record(OffersLapsed(at: world.clock.now, followUp: "f", wave: 1, to: [People.nicolas]), on: stream)
        let loads = [CandidateLoad(who: People.team, inHand: 2)]
        try await world.record(world.offer("f", to: [People.team], wave: 2, basis: .declared, order: order, loads: loads), on: stream)
        return world
    }

    @Test func anOfferToATeamIsExplained() async throws {
        let world = try await story()
        let why = try #require(try reader(world).explanation(ofFollowUp: "f", inListOf: People.amelie))
        #expect(why.item.state == .offered && why.item.team == "challans-nurses" && why.item.wave == 2)
        #expect(why.holder?.name == "Infirmiers de Challans" && why.owner?.addressee == .professional(People.camille))
        // The discharge, the plan, the offer: neither the admission, nor who was asked before.
        #expect(why.because.map(\.type) == [PatientDischarged.type, FollowUpsPlanned.type, OffersMade.type])
        #expect(why.because.map(\.sentence).contains("À faire : Faire la première visite"))
        #expect(why.asked.map(\.answer) == [.lapsed, .made] && why.asked.map(\.load) == [nil, 2])
        #expect(why.asked.first?.answeredAt == why.asked.first?.until)
        #expect(why.next.isEmpty)
        #expect(why.nextDeadline?.kind == .answer(followUp: "f", wave: 2))
        #expect(why.rule.publishedAt == 2 && why.rule.protocolTitle != nil)
        let offered = "« Faire la première visite » est proposé à l’équipe « Infirmiers de Challans » depuis le mer. 4 nov., 12 h 00"
        #expect(why.sentence.hasPrefix(offered))
        #expect(why.sentence.contains("parce que la sortie à domicile du mer. 4 nov., 8 h 00 le demande"))
        #expect(why.sentence.contains("après Nicolas Besson (sans réponse à temps)"))
        // Nicolas is not of the team in this directory.
        #expect(try reader(world).explanation(ofFollowUp: "f", inListOf: People.nicolas) == nil)
    }

    @Test func itIsToldAsItStoodAndToWhomeverItIsAsked() async throws {
        let world = try await story()
        let stream = world.pathway("V1")
        let reader = try reader(world)
        let first = try #require(try reader.explanation(ofFollowUp: "f", inListOf: People.nicolas, asOf: 7))
        #expect(first.item.state == .offered && first.next.map(\.addressee) == [.team("challans-nurses")])
        #expect(try reader.explanation(ofFollowUp: "f", asOf: 5) == nil && reader.explanation(ofFollowUp: "x") == nil)
        #expect(try reader.explanation(ofFollowUp: "f")?.item.state == .owned)
        #expect(throws: ViewError.self) { try reader.explanation(ofFollowUp: "f", asOf: 1_000) }
        let by = Attribution(rpps: People.clement)
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: by, team: "challans-nurses"), on: stream)
        let accepted = try #require(try reader.explanation(ofFollowUp: "f", inListOf: People.clement))
        #expect(accepted.item.state == .accepted && accepted.because.last?.type == FollowUpAccepted.type && accepted.because.count == 3)
        #expect(accepted.asked.last?.answeredBy?.name == "Clément Pelletier")
        try await world.record(FollowUpsHeld(followUps: ["f"], at: world.clock.now, reviewAt: world.clock.now.adding(days: 7)), on: stream)
        for rpps in [People.clement, People.camille] {
            let held = try #require(try reader.explanation(ofFollowUp: "f", inListOf: rpps, as: .onHold))
            #expect(held.owner?.addressee == .professional(People.clement) && held.nextDeadline?.kind == .holdReview(followUp: "f"))
        }
        try await world.record(
            FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .superseded, told: [People.clement])]),
            on: stream
        )
        let notice = try #require(try reader.explanation(ofFollowUp: "f", inListOf: People.clement))
        #expect(notice.item.state == .notice && notice.item.withdrawal == .superseded)
        #expect(try reader.explanation(ofFollowUp: "f")?.item.state == .withdrawn)
    }

    @Test func anEscalationAndAReasonAreTold() async throws {
        let world = try await story()
        let stream = world.pathway("V1")
        let nobody = world.offer("g", to: [], basis: .none, order: [], reason: "nobody-on-duty")
        try await world.record(nobody, on: stream)
        for step in 0..<3 {
            let at = world.clock.now.adding(days: Int64(step))
            try await world.record(FollowUpEscalated(followUp: "g", at: at, step: step, reason: .overdue, to: [People.camille]), on: stream)
        }
        let why = try #require(try reader(world).explanation(ofFollowUp: "g", inListOf: People.camille))
        #expect(why.item.reason == "nobody-on-duty" && why.item.escalation?.step == 2)
        // Of the steps the last one, and what told that nobody is there.
        #expect(
            why.because.map(\.type) == [PatientDischarged.type, FollowUpsPlanned.type, OffersMade.type, FollowUpEscalated.type]
        )
        #expect(why.sentence.contains("(personne n’est disponible en ce moment)"))
    }

    /// Whatever the views hold: made in pages of one, rebuilt, in another directory.
    @Test func theSameLogGivesTheSameBytes() async throws {
        let world = try await story()
        let first = try #require(try reader(world).explanation(ofFollowUp: "f", inListOf: People.amelie)).json()
        try world.runner().rebuildAll(pageSize: 1)
        let position = try world.log.head().position
        let note = FollowUpNoted(followUp: "f", by: Attribution(rpps: People.camille), note: "x")
        for _ in 0..<5 { try await world.record(note, on: world.pathway("V1")) }
        // The views are behind the log here.
        let views = try world.views()
        let reader = WhyReader(views: views, log: world.log, sealer: PlainSealer(), territory: world.territoryStream)
        let again = try #require(try reader.explanation(ofFollowUp: "f", inListOf: People.amelie, asOf: position)).json()
        #expect(first == again)
    }

    @Test func nothingTellsWhoThePatientIs() async throws {
        let world = try await story()
        let by = Attribution(rpps: People.nicolas)
        let alert = AlertSignReported(report: "r", at: world.clock.now, by: by, sign: .fever, called: [], note: "SECRET")
        try await world.record(alert, on: world.pathway("V1"))
        let plan = PlannedFollowUp(
            id: "a",
            rule: RuleReference(followUpProtocol: "plain-home-discharge", rule: "alert"),
            protocolVersion: 3,
            role: .attendingGP,
            title: "Rappeler le patient",
            priority: .urgent,
            dueFrom: world.clock.now,
            dueBy: world.clock.now.adding(hours: 2),
            answerWithinMinutes: 30,
            movement: .report("r"),
            trigger: .alertSign
        )
        try await world.record(FollowUpsPlanned(followUps: [plan]), on: world.pathway("V1"))
        let reader = try reader(world)
        for id in ["f", "g", "a"] {
            let document = String(decoding: try #require(try reader.explanation(ofFollowUp: id)).json(), as: UTF8.self)
            for hidden in ["FICTIF", "Jeanne", "1941", "0261910000", "Exemple", "\"V1", "CHLVO", "SECRET"] {
                #expect(!document.contains(hidden), "shows \(hidden)")
            }
        }
        let why = try #require(try reader.explanation(ofFollowUp: "a"))
        #expect(why.because.map(\.type) == [AlertSignReported.type, FollowUpsPlanned.type])
        #expect(why.sentence.contains("le signe d’alerte (fièvre) signalé par Nicolas Besson"))

        // Who is merely asked learns what is to be done, not what was seen nor where the patient lay.
        try await world.record(world.offer("a", to: [People.nicolas], basis: .coverage), on: world.pathway("V1"))
        let asked = try #require(try reader.explanation(ofFollowUp: "a", inListOf: People.nicolas))
        let document = String(decoding: try asked.json(), as: UTF8.self)
        #expect(asked.item.state == .offered && asked.sentence.contains("le signe d’alerte signalé par"))
        for hidden in ["fièvre", "fever", "Cardiologie", "CARD"] { #expect(!document.contains(hidden), "shows \(hidden)") }
        let first = try #require(try reader.explanation(ofFollowUp: "f", inListOf: People.amelie))
        #expect(!String(decoding: try first.json(), as: UTF8.self).contains("Cardiologie"))
        try await world.record(
            FollowUpAccepted(followUp: "a", at: world.clock.now, by: Attribution(rpps: People.nicolas)),
            on: world.pathway("V1")
        )
        #expect(try reader.explanation(ofFollowUp: "a", inListOf: People.nicolas)?.sentence.contains("(fièvre)") == true)
    }
}
