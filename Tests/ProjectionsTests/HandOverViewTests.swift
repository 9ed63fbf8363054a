import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// What is seen of a pathway that changes territory, in the one that it leaves and in the one that goes on with it.
@Suite struct HandOverViewTests {
    typealias People = TestTerritory

    private static let event = "019a8b2c-0000-7000-8000-00000000002a"

    private func replay(_ world: World) throws -> Replayed {
        let replay = PathwayReplay(reader: world.log, sealer: PlainSealer())
        return try #require(try replay.run(stream: world.pathway("V1"), until: .now, now: world.clock.now, referent: People.camille))
    }

    private func document(_ replayed: Replayed) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: try JSONEncoder().encode(replayed)) as? [String: Any])
    }

    @Test func aHandedOverPathwayIsClosedAndSaysWhereItWent() async throws {
        let world = try World()
        let stream = world.pathway("V1")
        let reference = world.reference("V1", patient: "P1")
        try await world.record(PatientAdmitted(pathway: reference, movement: world.movement("1", world.clock.now)), on: stream)
        #expect(try document(replay(world))["handedOverTo"] is NSNull)
        try await world.record(PathwayHandedOver(to: "nord-demo", reason: .moved, event: Self.event), on: stream)
        let told = try document(replay(world))
        #expect(told["status"] as? String == "closed" && told["handedOverTo"] as? String == "nord-demo")
        #expect(told["takenOverFrom"] is NSNull && told["visit"] as? String == "V1" && told["admittedAt"] is String)
    }

    @Test func aPathwayThatWasTakenOverSaysFromWhere() async throws {
        let world = try World()
        let reference = world.reference("V1", patient: "P1")
        let taken = PathwayTakenOver(pathway: reference, from: "sud-demo", position: 42, event: Self.event, number: 1)
        try await world.record(taken, on: world.pathway("V1"))
        let told = try document(replay(world))
        #expect(told["status"] is NSNull && told["takenOverFrom"] as? String == "sud-demo" && told["visit"] as? String == "V1")
    }

    @Test(arguments: [
        (
            PathwayEvent.pathwayHandedOver(.init(to: "nord-demo", reason: .moved, event: event)),
            "Parcours confié au territoire nord-demo (le domicile du patient s’y trouve)"
        ),
        (
            .followUpsWithdrawn(.init(withdrawals: [.init(followUp: "f", reason: .moved, told: [])])),
            "Retiré (parcours confié à un autre territoire) : un suivi"
        ),
    ])
    func theStorySaysIt(event: PathwayEvent, sentence: String) {
        let names = Sentence.Names(timeZone: .gmt, professional: { _ in nil }, commune: { _ in nil }, followUp: { _ in nil })
        #expect(Sentence.french(for: .pathway(event), names: names) == sentence)
    }
}
