import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct TimelineTests {
    typealias People = TestTerritory

    private func story(_ world: World) async throws {
        try await world.publish(People.yaml())
        let stream = world.pathway("V1")
        let facts = MessageFacts(
            application: "SIMHOSP",
            facility: "CHLVO",
            controlID: "1",
            trigger: "ADT^A01",
            digest: String(repeating: "0", count: 64),
            byteCount: 9,
            charset: "8859/15"
        )
        try await world.record(
            MessageReceived(facts: facts, outcome: .accepted, acknowledgement: "AA", pathwayStream: stream.hex),
            on: world.intake
        )
        try await world.stay("V1", patient: "P1")
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: stream)
        try await world.record(world.offer("f", to: [People.nicolas, People.amelie]), on: stream)
        let by = Attribution(rpps: People.amelie)
        try await world.record(
            FollowUpDeclined(followUp: "f", by: Attribution(rpps: People.nicolas), reason: .noCapacity),
            on: stream,
            actor: "urn:rpps:\(People.nicolas)"
        )
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: by), on: stream, actor: by.urn)
        try await world.record(HomeReturnConfirmed(at: world.clock.now, by: by, howKnown: .visit), on: stream)
        try await world.stay("V2", patient: "P2")
    }

    private func reader(_ world: World) throws -> TimelineReader {
        try world.catchUp()
        return TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer())
    }

    @Test func aStoryIsToldInFrench() async throws {
        let world = try World()
        try await story(world)
        let timeline = try #require(try reader(world).timeline(of: world.pathway("V1")))
        #expect(
            timeline.entries.map(\.sentence) == [
                "Message ADT^A01 de SIMHOSP reçu",
                "Identité du patient reçue",
                "Entrée à l’hôpital : Cardiologie",
                "Sortie à domicile, depuis Cardiologie",
                "À faire : Faire la première visite",
                "Proposé à Nicolas Besson, Amélie Bernard : « Faire la première visite »",
                "Refusé par Nicolas Besson (pas de disponibilité) : « Faire la première visite »",
                "Accepté par Amélie Bernard : « Faire la première visite »",
                "Retour à domicile confirmé par Amélie Bernard (visite)",
            ]
        )
        #expect(timeline.visit == "V1" && timeline.facility == "CHLVO" && timeline.patient == world.patient("P1"))
        #expect(timeline.entries.map(\.position) == Array(2...10))
        #expect(timeline.entries.first?.recordedAt == World.start)
        #expect(timeline.entries.suffix(3).first?.actorName == "Nicolas Besson")
    }

    @Test func itIsReadAsItStoodAndPathwaysAreFound() async throws {
        let world = try World()
        try await story(world)
        let reader = try reader(world)
        #expect(try reader.timeline(of: world.pathway("V1"), asOf: 4)?.entries.count == 3)
        #expect(try reader.timeline(of: world.pathway("V1"), asOf: 1) == nil && reader.timeline(of: world.pathway("V9")) == nil)
        #expect(try reader.pathways(visit: "V2") == [world.pathway("V2")])
        #expect(try reader.pathways(visit: "V2", facility: "CHLVO").count == 1 && reader.pathways(visit: "V2", facility: "AUTRE").isEmpty)
        #expect(try reader.pathway(ofFollowUp: "f") == world.pathway("V1") && reader.pathway(ofFollowUp: "g") == nil)
        #expect(try reader.pathways(ofPatient: world.patient("P2")) == [world.pathway("V2")])
    }

    /// Every event has a sentence of its own, without a number in the place of a known name.
    @Test func everyKindOfEventHasASentence() async throws {
        var history = try RandomHistory(seed: 5)
        try await history.run(steps: 150)
        let world = history.world
        let reader = try reader(world)
        var seen: Set<String> = []
        for stream in history.order {
            for entry in try reader.timeline(of: stream)?.entries ?? [] {
                #expect(!entry.sentence.isEmpty && !entry.sentence.contains("RPPS") && entry.sentence != Sentence.unreadable)
                seen.insert(entry.type)
            }
        }
        #expect(seen.count >= 13, "\(seen)")
    }

    @Test(
        arguments: [
            ("2026-11-12T18:05:00+01:00", "jeu. 12 nov., 18 h 05"), ("2026-10-25T00:30:00Z", "dim. 25 oct., 2 h 30"),
            ("2026-10-25T01:30:00Z", "dim. 25 oct., 2 h 30"), ("2027-03-28T01:00:00Z", "dim. 28 mars, 3 h 00"),
            ("1969-12-31T22:59:00Z", "mer. 31 déc., 23 h 59"),
        ])
    func timesAreWrittenAsTheyAreRead(at: String, text: String) throws {
        let paris = try #require(TimeZone(identifier: "Europe/Paris"))
        #expect(FrenchTime.short(instant(at), in: paris) == text)
    }
}
