import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct QuarantineTests {
    typealias People = TestTerritory
    private let by = Attribution(rpps: TestTerritory.camille, capacity: .referent)

    @discardableResult
    private func quarantine(_ world: World, _ controlID: String, pathway: String? = nil, subject: String? = nil) async throws -> EventID {
        let body = MessageReceived(
            facts: MessageFacts(
                application: "SIMHOSP",
                facility: "CHLVO",
                controlID: controlID,
                trigger: "ADT^A03",
                digest: String(repeating: "0", count: 64),
                byteCount: 100,
                charset: "8859/15"
            ),
            outcome: .quarantined,
            acknowledgement: "AE",
            warnings: [IntakeWarning(.zbe3Valued, at: "ZBE-3")],
            errors: ["101 ZBE-4: the action is missing", "101 PV1-19: the visit number is missing"],
            pathwayStream: pathway.map { world.pathway($0).hex },
            subject: subject
        )
        return try await world.record(body, on: world.intake).id
    }

    private func reader(_ world: World) throws -> QuarantineReader {
        try world.catchUp()
        return QuarantineReader(views: try world.views())
    }

    private func sender(_ world: World) throws -> FeedStatus.Sender {
        try world.catchUp()
        return try #require(try FeedReader(views: try world.views(), log: world.log).status(now: world.clock.now).senders.first)
    }

    @Test func messagesAreListedOldestFirstPageByPage() async throws {
        let world = try World()
        for number in 1...5 { try await quarantine(world, "Q\(number)") }
        let reader = try reader(world)
        let first = try reader.messages(limit: 2)
        #expect(first.map(\.controlID) == ["Q1", "Q2"])
        let message = try #require(first.first)
        #expect(message.application == "SIMHOSP" && message.facility == "CHLVO" && message.trigger == "ADT^A03" && message.position == 1)
        #expect(message.faults == ["101 ZBE-4: the action is missing", "101 PV1-19: the visit number is missing"])
        #expect(message.warnings == ["zbe3-valued"] && message.status == .waiting && message.decision == nil)
        #expect(message.receivedAt == world.clock.now)
        #expect(try reader.messages(after: 2, limit: 2).map(\.controlID) == ["Q3", "Q4"])
        #expect(try reader.message(message.id) == message && reader.message(world.ids.next()) == nil)
    }

    @Test func decisionsEndTheQuarantine() async throws {
        let world = try World()
        let (first, second) = (try await quarantine(world, "Q1"), try await quarantine(world, "Q2"))
        try await quarantine(world, "Q3")
        world.clock.move(to: world.clock.now.adding(hours: 1))
        try await world.record(MessageRepaired(message: first.description, outcome: .accepted, by: by), on: world.intake)
        try await world.record(MessageDiscarded(message: second.description, reason: .sentAgain, by: by), on: world.intake)
        let reader = try reader(world)
        let repaired = try #require(try reader.messages(status: .repaired, limit: 9).first)
        #expect(repaired.id == first && repaired.decision?.outcome == .accepted && repaired.decision?.by == "urn:rpps:\(People.camille)")
        #expect(repaired.decision?.at == world.clock.now && repaired.decision?.reason == nil)
        let discarded = try #require(try reader.messages(status: .discarded, limit: 9).first)
        #expect(discarded.id == second && discarded.decision?.reason == .sentAgain && discarded.decision?.outcome == nil)
        #expect(try reader.messages(status: .waiting, limit: 9).map(\.controlID) == ["Q3"])
        let sender = try sender(world)
        #expect([sender.quarantined, sender.quarantineWaiting, sender.repaired, sender.discarded] == [3, 1, 1, 1])
        let document = try #require(
            try JSONSerialization.jsonObject(with: try JSONEncoder().encode(repaired)) as? [String: Any]
        )
        #expect(document["status"] as? String == "repaired" && document["decidedBy"] as? String == "urn:rpps:\(People.camille)")
        #expect(document["id"] as? String == first.description && document["outcome"] as? String == "accepted")
    }

    @Test func aRepairedMessageMayWaitAsAnOrphan() async throws {
        let world = try World()
        let message = try await quarantine(world, "Q1")
        let repaired = try await world.record(MessageRepaired(message: message.description, outcome: .orphan, by: by), on: world.intake)
        let reference = world.reference("V1", patient: "P1")
        let held = MovementHeld(pathway: reference, report: .movement(.transfer, world.movement("2", world.clock.now), nil))
        try await world.record(held, on: world.pathway("V1"), causation: repaired.id)
        #expect(try sender(world).orphansWaiting == 1)
        let status = try FeedReader(views: try world.views(), log: world.log).status(now: world.clock.now)
        #expect(status.orphans.map(\.controlID) == ["Q1"] && status.orphans.first?.id == repaired.id)
        try await world.record(PatientTransferred(pathway: reference, movement: world.movement("2", world.clock.now)), on: world.pathway("V1"))
        #expect(try sender(world).orphansWaiting == 0)
    }

    @Test func theStoryOfAPathwayTellsWhatBecameOfItsMessages() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        let known = try await quarantine(world, "Q1", pathway: "V1")
        let unknown = try await quarantine(world, "Q2")
        try await world.record(MessageDiscarded(message: known.description, reason: .enteredByHand, by: by), on: world.intake)
        try await world.record(
            MessageRepaired(message: unknown.description, outcome: .accepted, pathwayStream: world.pathway("V1").hex, by: by),
            on: world.intake
        )
        try world.catchUp()
        let timeline = try TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer()).timeline(of: world.pathway("V1"))
        #expect(
            timeline?.entries.suffix(3).map(\.sentence) == [
                "Message ADT^A03 de SIMHOSP mis en quarantaine",
                "Message en quarantaine écarté par Camille Moreau (saisi à la main)",
                "Message en quarantaine corrigé par Camille Moreau et pris en compte",
            ]
        )
    }

    @Test func anErasedPatientsMessagesLeaveTheQuarantineWithWhatWasDecided() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        let patient = world.patient("P1")
        try await world.identify("P1")
        let message = try await quarantine(world, "Q1", subject: patient.hex)
        let repaired = try await world.record(MessageRepaired(message: message.description, outcome: .orphan, by: by), on: world.intake)
        try await quarantine(world, "Q2")
        try world.catchUp(sealer: keys)
        keys.destroy(try world.log.read(stream: patient, fromVersion: 1, limit: .max).map(\.id) + [message, repaired.id])
        try await world.record(StreamErased(erasure: "019f0000-0000-7000-8000-000000000002"), on: patient)
        try world.catchUp(sealer: keys)
        let reader = QuarantineReader(views: try world.views())
        #expect(try reader.messages(limit: 9).map(\.controlID) == ["Q2"])
        let sender = try #require(try FeedReader(views: try world.views(), log: world.log).status(now: world.clock.now).senders.first)
        #expect([sender.quarantined, sender.quarantineWaiting, sender.repaired] == [1, 1, 0])
        let maintained = try world.digests()
        try world.runner(sealer: keys).rebuildAll(pageSize: 2)
        #expect(try world.digests() == maintained)
    }
}
