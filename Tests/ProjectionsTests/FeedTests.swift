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
            scope: HL7Sender(application: "SIMHOSP", facility: "CHLVO").commandScope,
            key: "SIMHOSP|CHLVO|1",
            body: [1],
            match: .keyAndBody
        )
        for _ in 0..<3 { _ = try await world.log.append(AppendRequest(command: key, writes: [], answer: [])) }
        try world.catchUp()
        let status = try FeedReader(views: try world.views(), log: world.log).status(now: world.clock.now)
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
            return try #require(try FeedReader(views: try world.views(), log: world.log).status(now: world.clock.now).senders.first)
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

    private func status(_ world: World, alarm: Int64 = 240, after hours: Int64 = 0) throws -> FeedStatus {
        try world.catchUp()
        let reader = FeedReader(views: try world.views(), log: world.log, orphanAlarmMinutes: alarm)
        return try reader.status(now: world.clock.now.adding(hours: hours))
    }

    /// Computed from the instant of the reading, never stored (I6).
    @Test(arguments: [(240, 3, 0), (240, 4, 2), (240, 5, 2), (0, 0, 2), (600, 9, 0)] as [(Int64, Int64, Int64)])
    func anOrphanThatWaitsTooLongIsAnAlarm(alarm: Int64, hours: Int64, overdue: Int64) async throws {
        let world = try World()
        for visit in ["V1", "V2"] {
            let cause = try await world.record(message(.orphan), on: world.intake)
            let report = VisitReport.movement(.transfer, world.movement("2", world.clock.now), nil)
            let held = MovementHeld(pathway: world.reference(visit, patient: "P1"), report: report)
            try await world.record(held, on: world.pathway(visit), causation: cause.id)
        }
        let status = try status(world, alarm: alarm, after: hours)
        let sender = try #require(status.senders.first)
        #expect(sender.orphansWaiting == 2 && sender.orphansOverdue == overdue && status.orphansOverdue == overdue)
        #expect(sender.oldestOrphanAt == world.clock.now && status.orphanAlarmMinutes == alarm)
        #expect(status.orphans.map(\.isOverdue) == [overdue > 0, overdue > 0] && status.orphans.allSatisfy { $0.trigger == "ADT^A01" })
        #expect(status.orphans.map(\.since) == [world.clock.now, world.clock.now])
    }

    @Test func aCorrectionWaitsForItsMovement() async throws {
        let world = try World()
        let reference = world.reference("V1", patient: "P1")
        let movement = world.movement("1", world.clock.now)
        let cause = try await world.record(message(.orphan), on: world.intake)
        try await world.record(
            MovementHeld(pathway: reference, report: .correction(.admission, movement, nil)),
            on: world.pathway("V1"),
            causation: cause.id
        )
        #expect(try status(world).senders.first?.orphansWaiting == 1)
        try await world.record(PatientAdmitted(pathway: reference, movement: movement), on: world.pathway("V1"))
        #expect(try status(world).senders.first?.orphansWaiting == 1)
        try await world.record(MovementCorrected(pathway: reference, kind: .admission, movement: movement), on: world.pathway("V1"))
        #expect(try status(world).senders.first?.orphansWaiting == 0 && status(world).orphans.isEmpty)
    }

    @Test func aMergeOfAnUnknownNumberWaitsForIt() async throws {
        let world = try World()
        let cause = try await world.record(message(.orphan), on: world.intake)
        try await world.merge("P1", into: "P2", causation: cause.id)
        #expect(try status(world).senders.first?.orphansWaiting == 1)
        try await world.identify("P2")
        #expect(try status(world).senders.first?.orphansWaiting == 1)
        try await world.identify("P1")
        #expect(try status(world).senders.first?.orphansWaiting == 0)
        // One whose number was known waits for nothing.
        let known = try await world.record(message(.accepted), on: world.intake)
        try await world.merge("P3", into: "P2", causation: known.id)
        #expect(try status(world).senders.first?.orphansWaiting == 0)
    }

    @Test func aMovedDossierWaitsForAVisitOfIt() async throws {
        let world = try World()
        let account = LocalIdentifier(authority: "CHLVO", value: "N1")
        let cause = try await world.record(message(.orphan), on: world.intake)
        let moved = DossierMoved(account: account, from: world.link("P1"), to: world.link("P2"), statement: world.statement("A44"))
        for number in ["P1", "P2"] { try await world.record(moved, on: world.patient(number), causation: cause.id) }
        #expect(try status(world).senders.first?.orphansWaiting == 1)
        let visit = LocalIdentifier(authority: "CHLVO", value: "V1")
        let other = LocalIdentifier(authority: "CHLVO", value: "N2")
        try await world.record(VisitRegistered(account: other, visit: visit, pathwayStream: world.pathway("V1").hex), on: world.patient("P2"))
        #expect(try status(world).senders.first?.orphansWaiting == 1)
        try await world.record(VisitRegistered(account: account, visit: visit, pathwayStream: world.pathway("V1").hex), on: world.patient("P2"))
        #expect(try status(world).senders.first?.orphansWaiting == 0)
    }
}
