import Coordination
import EventStore
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// What the notifier makes of single events, and of events that it cannot read.
struct NotifierReactorTests {
    @Test func givenAnEventOfLongAgoWhenItIsSeenThenNobodyIsTold() async throws {
        let practice = try await Practice()
        try await practice.admit()
        practice.clock.advance(hours: 15 * 24)
        try await practice.notify()
        let rows = try practice.rows()
        #expect(!rows.isEmpty && rows.allSatisfy { $0.ended == "too-old" })
        #expect(try practice.outbox.nextLook() == nil)
    }

    @Test func givenNewsThatTheLedgerKnowsWhenTheOutboxIsLostThenTheyAreNotToldAgain() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.settle()
        let told = try practice.outbox.box(of: Practice.pharmacist, at: practice.clock.now).waiting.map(\.news)
        let message = OutboxMessage(
            recipient: Practice.pharmacist,
            urgency: .routine,
            reminder: 0,
            madeAt: practice.clock.now,
            position: 1,
            items: told,
            delivery: Delivery(.waiting(until: practice.clock.now))
        )
        try await practice.ledger.record(handOver: Fact.handOver(message, at: practice.clock.now))
        let store = try Practice.memoryStore()
        try await practice.catchUp(practice.notifier(try SQLiteOutbox(store: store), store))
        let fates = try practice.rows(store).filter { $0.recipient == Practice.pharmacist }.map(\.ended)
        #expect(!told.isEmpty && fates == told.map { _ in "told-before" })
        #expect(try practice.rows(store).contains { $0.recipient == Practice.doctor && $0.ended == nil })
    }

    @Test func givenSomebodyWhoMutesAWordWhenItComesThenItIsKeptAndNotTold() async throws {
        let practice = try await Practice()
        let caller = try practice.caller(Practice.pharmacist)
        _ = try await practice.ledger.setChannels(
            [],
            mutedTemplates: ["admission-notice"],
            of: Practice.pharmacist,
            by: caller,
            key: RequestKey(key: "k1", body: [1])
        )
        try await practice.admit()
        try await practice.settle()
        #expect(try practice.rows().filter { $0.recipient == Practice.pharmacist }.map(\.ended) == ["muted"])
        #expect(try practice.outbox.box(of: Practice.pharmacist, at: practice.clock.now).waiting.isEmpty)
    }

    @Test func givenSomebodyWhoWaitsWhenTheirWishesChangeThenTheyAreLookedAtNow() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.settle()
        let box = try practice.outbox.box(of: Practice.pharmacist, at: practice.clock.now)
        try practice.outbox.setLook(practice.clock.now.adding(days: 1), for: Practice.pharmacist, asOf: box.revision)
        let caller = try practice.caller(Practice.pharmacist)
        _ = try await practice.ledger.setChannels([], of: Practice.pharmacist, by: caller, key: RequestKey(key: "k1", body: [1]))
        try await practice.notify()
        #expect(try practice.outbox.due(at: practice.clock.now, limit: 10, excluding: []).contains(Practice.pharmacist))
    }

    @Test func givenAMessageThatReachedNobodyWhenThatIsRecordedThenTheReferentIsToldOfThePathwayItIsAbout() async throws {
        let practice = try await Practice()
        let item = ToldItem(event: "e1", template: "offer-named", pathway: practice.pathway().hex, followUp: "f1")
        let fact = MessageUndeliverable(
            recipient: Practice.nurse,
            message: "m1",
            items: [item],
            tried: [.email],
            reason: .expired,
            told: Staff.referent,
            at: practice.clock.now
        )
        try await practice.ledger.record(undeliverable: fact)
        try await practice.notify()
        let waiting = try practice.outbox.box(of: Staff.referent, at: practice.clock.now).waiting
        #expect(waiting.map(\.news.pathway) == [practice.pathway().hex])
        #expect(try practice.rows().count == 1)
    }

    @Test func givenAnAbsenceThatWasDeclaredLaterWhenTheNotifierIsBehindThenWhoStoodInIsThatOfThen() async throws {
        let practice = try await Practice()
        try await practice.admit()
        let (doctor, other) = (Practice.doctor, Staff.gps[1])
        let absence = Absence(
            from: practice.clock.now.adding(hours: -24),
            to: practice.clock.now.adding(days: 5),
            replacement: try RPPS(other)
        )
        _ = try await AbsenceDesk(coordinator: practice.coordinator)
            .declare(absence, of: doctor, by: try practice.caller(doctor), key: RequestKey(key: "a1", body: [1]))
        practice.clock.advance(hours: 1)
        try await practice.admit("V2", patient: "P2")
        try await practice.notify()
        let told = try practice.rows().filter { $0.recipient == other }
        let second = try practice.log.read(stream: practice.pathway("V2"), fromVersion: 1, limit: 1).first?.position ?? 0
        #expect(!told.isEmpty && told.allSatisfy { $0.position >= second })
    }

    @Test func givenAStreamThatWasErasedWhenItIsReadThenItsEventsArePassedOverAndAllOfItHasEnded() async throws {
        let practice = try await Practice()
        try await practice.admit()
        try await practice.settle()
        practice.sealer.erase(practice.pathway())
        _ = try await practice.coordinator.perform(nil) { work in
            work.record(StreamErased(erasure: "e1"), on: practice.pathway(), by: practice.author, isInClear: true)
            return []
        }
        try await practice.notify()
        let rows = try practice.rows()
        #expect(!rows.isEmpty && rows.allSatisfy { $0.ended == "erased" })
        let store = try Practice.memoryStore()
        try await practice.catchUp(practice.notifier(try SQLiteOutbox(store: store), store))
        #expect(try practice.rows(store).isEmpty)
        #expect(try store.parkedSequences(of: NotifierReactor.name).isEmpty)
    }

    @Test func givenAPathwayThatCannotBeReadWhenTheNotifierComesToItThenItAloneIsParkedAndGoesOnOnceItIsMended() async throws {
        let practice = try await Practice()
        try await practice.admit("V1", patient: "P1")
        try await practice.admit("V2", patient: "P2")
        practice.sealer.damage(practice.pathway("V1"))
        try await practice.notify()
        #expect(try practice.store.parkedSequences(of: NotifierReactor.name) == [practice.pathway("V1")])
        let before = try practice.rows()
        #expect(!before.isEmpty)
        practice.sealer.mend(practice.pathway("V1"))
        _ = try await practice.notifier(practice.outbox, practice.store).retry(practice.pathway("V1"))
        #expect(try practice.store.parkedSequences(of: NotifierReactor.name).isEmpty)
        #expect(try practice.rows().count == before.count * 2)
    }
}
