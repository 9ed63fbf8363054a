import Coordination
import EventStore
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// Nobody is forgotten without its being seen.
struct ReconcilerTests {
    @Test func givenWhatTheNotifierTookInWhenItIsGoneThroughThenNothingIsMissing() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.discharge()
        try await practice.settle()
        let report = try await practice.reconciler(practice.outbox).look(limit: 1_000)
        #expect(report.checked > 3 && report.repaired == 0 && report.difference == 0)
        #expect(report.position == (try practice.log.head().position))
    }

    @Test func givenALimitWhenTheLogIsLongerThenItIsGoneThroughPieceByPieceAndNotAgain() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.settle()
        let head = try practice.log.head().position
        var positions: [Int64] = []
        while positions.last != head, positions.count < 100 {
            positions.append(try await practice.reconciler(practice.outbox).look(limit: 4).position)
        }
        #expect(positions == Array(stride(from: Int64(4), to: head, by: 4)) + [head])
        #expect(try await practice.reconciler(practice.outbox).look(limit: 4).checked == 0)
    }

    @Test func givenAnOutboxThatLostNewsWhenItIsGoneThroughThenTheyAreTakenInAsTheyStandNow() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.discharge()
        try await practice.settle()
        try await practice.accept("nurse-first-visit", by: Practice.nurse)
        try await practice.settle()
        let whole = try practice.rows()
        // The news are lost, and what is remembered of having taken them in is not.
        let lost = InMemoryOutbox()
        let reconciler = practice.reconciler(lost)
        let report = try await reconciler.look(limit: 1_000)
        #expect(report.repaired == whole.count && report.difference == 0)
        for person in Set(whole.map(\.recipient)) {
            let expected = try practice.outbox.box(of: person, at: practice.clock.now).waiting
            #expect(lost.box(of: person, at: practice.clock.now).waiting == expected)
        }
    }

    @Test func givenANotifierThatIsBehindWhenTheLogIsGoneThroughThenOnlyWhatItTookInIs() async throws {
        let practice = try await Practice()
        try await practice.admit("V1", patient: "P1")
        try await practice.notify()
        let taken = try practice.log.head().position
        try await practice.admit("V2", patient: "P2")
        let report = try await practice.reconciler(practice.outbox).look(limit: 1_000)
        #expect(report.position == taken && report.difference == 0)
    }

    @Test func givenAParkedPathwayWhenTheLogIsGoneThroughThenItIsNoDifference() async throws {
        let practice = try await Practice()
        try await practice.admit("V1", patient: "P1")
        practice.sealer.damage(practice.pathway("V1"))
        try await practice.notify()
        practice.sealer.mend(practice.pathway("V1"))
        let report = try await practice.reconciler(practice.outbox).look(limit: 1_000)
        #expect(report.repaired == 0 && report.difference == 0)
        #expect(try practice.rows().isEmpty)
    }

    @Test func givenSomebodyAtWhomNobodyIsGoingToLookWhenTheLogIsGoneThroughThenThatIsADifference() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.notify()
        let box = try practice.outbox.box(of: Practice.pharmacist, at: practice.clock.now)
        try practice.outbox.setLook(nil, for: Practice.pharmacist, asOf: box.revision)
        let report = try await practice.reconciler(practice.outbox).look(limit: 1_000)
        #expect(report.difference == Int64(box.waiting.count) && report.difference > 0)
    }
}
