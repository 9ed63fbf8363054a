import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct FeedTests {
    private func message(
        _ outcome: MessageOutcome,
        application: String = "SIMHOSP",
        warnings: [IntakeWarning] = []
    ) -> MessageReceived {
        MessageReceived(
            facts: MessageFacts(
                application: application,
                facility: "CHLVO",
                controlID: "1",
                trigger: "ADT^A01",
                digest: String(repeating: "0", count: 64),
                byteCount: 100,
                charset: "8859/15"
            ),
            outcome: outcome,
            acknowledgement: "AA",
            warnings: warnings
        )
    }

    @Test func messagesAreCountedBySenderOutcomeAndWarning() async throws {
        let world = try World()
        let defects = [IntakeWarning(.zbe3Valued, at: "ZBE-3"), IntakeWarning(.zbe3Valued, at: "ZBE-3"), IntakeWarning(.unknownSender)]
        for outcome in [MessageOutcome.accepted, .accepted, .ignored, .quarantined, .refused] {
            world.clock.move(to: world.clock.now.adding(minutes: 5))
            try await world.record(message(outcome, warnings: outcome == .accepted ? defects : []), on: world.intake)
        }
        try await world.record(message(.accepted, application: "AUTRE"), on: world.intake)
        // The same message twice: the log remembers the answer, and counts.
        let key = CommandKey(
            scope: FeedReader.commandScope(application: "SIMHOSP", facility: "CHLVO"),
            key: "SIMHOSP|CHLVO|1",
            body: [1],
            match: .keyAndBody
        )
        for _ in 0..<3 { _ = try await world.log.append(AppendRequest(command: key, writes: [], answer: [])) }
        try world.catchUp()
        let status = try FeedReader(views: try world.views(), log: world.log).status()
        #expect(status.senders.map(\.application) == ["AUTRE", "SIMHOSP"])
        let sender = try #require(status.senders.last)
        #expect([sender.accepted, sender.ignored, sender.quarantined, sender.refused, sender.orphans, sender.duplicates] == [2, 1, 1, 1, 0, 2])
        #expect(sender.warnings == ["zbe3-valued": 2, "unknown-sender": 2])
        #expect(sender.lastReceivedAt == world.clock.now)
        let document = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(status)) as? [String: Any]
        let first = try #require((document?["senders"] as? [[String: Any]])?.last)
        #expect(first["duplicates"] as? Int == 2 && first["lastReceivedAt"] as? String == "2026-11-02T07:25:00Z")
        #expect((first["warnings"] as? [String: Int])?["zbe3-valued"] == 2)
    }

    @Test func anOrphanWaitsUntilItIsApplied() async throws {
        let world = try World()
        let reference = world.reference("V1", patient: "P1")
        let stream = world.pathway("V1")
        let discharge = VisitReport.movement(.discharge, world.movement("2", world.clock.now), DischargeMode(destination: .home))
        let cancellation = VisitReport.cancellation(
            MovementID(authority: "CHLVO", value: "9"),
            .transfer,
            Statement(recordedAt: world.clock.now, sentAt: world.clock.now, controlID: "C", digest: "0")
        )
        for report in [discharge, cancellation] {
            let cause = try await world.record(message(.orphan), on: world.intake)
            try await world.record(MovementHeld(pathway: reference, report: report), on: stream, causation: cause.id)
        }
        func sender() throws -> FeedStatus.Sender {
            try world.catchUp()
            return try #require(try FeedReader(views: try world.views(), log: world.log).status().senders.first)
        }
        #expect(try sender().orphans == 2 && sender().orphansWaiting == 2)
        try await world.record(message(.accepted), on: world.intake)
        try await world.record(PatientAdmitted(pathway: reference, movement: world.movement("1", world.clock.now)), on: stream)
        #expect(try sender().orphansWaiting == 2)
        try await world.record(
            PatientDischarged(pathway: reference, movement: world.movement("2", world.clock.now), mode: DischargeMode(destination: .home)),
            on: stream
        )
        #expect(try sender().orphansWaiting == 1)
        try await world.record(
            MovementCancelled(
                pathway: reference,
                movement: MovementID(authority: "CHLVO", value: "9"),
                kind: .transfer,
                statement: Statement(recordedAt: world.clock.now, sentAt: world.clock.now, controlID: "C", digest: "0")
            ),
            on: stream
        )
        #expect(try sender().orphansWaiting == 0 && sender().orphans == 2 && sender().accepted == 1)
    }
}
