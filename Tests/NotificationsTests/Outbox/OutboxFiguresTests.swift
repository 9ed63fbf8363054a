import Notifications
import Pathways
import Testing
import Timekeeping

/// What every outbox counts and forgets.
struct OutboxFiguresTests {
    @Test(arguments: OutboxKind.allCases)
    func givenNewsAndMessagesWhenCountedThenEachCountsOnceAndNobodyIsStranded(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let news = (1...5).map { Sample.news("e\($0)", answerBy: Sample.at(minutes: 900)) }
        for (index, item) in news.enumerated() { try outbox.take(Sample.intake(Int64(index) + 1, [item])) }
        let deliveries = [
            Delivery(.waiting(until: Sample.at(minutes: 20)), channel: .email, attempts: 2, since: Sample.at(minutes: 3)),
            Sample.handedOver(at: 10),
            Delivery(.failed(.expired, at: Sample.at(minutes: 10)), tried: [.email]),
            Delivery(.parked(problem: "x", since: Sample.at(minutes: 10))),
        ]
        for (item, delivery) in zip(news, deliveries) {
            let message = Sample.message([item])
            try outbox.form(message)
            try outbox.save(delivery, of: message.id)
        }
        let counts = try outbox.counts(at: Sample.at(minutes: 12))
        #expect(counts == OutboxCounts(waiting: 1, pending: 1, unrecorded: 2, parked: 1, stranded: 0, oldest: Sample.at(minutes: 3)))
        // Of a node that tells somebody else: what is parked is counted wherever it is, the rest where they are told.
        #expect(try outbox.counts(at: Sample.at(minutes: 12)) { $0 != Sample.nurse } == OutboxCounts(parked: 1))
        #expect(try outbox.counts(at: Sample.at(minutes: 12)) { $0 == Sample.nurse } == counts)
        try outbox.setLook(nil, for: Sample.nurse, asOf: try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 12)).revision)
        // The one that was told is to be recorded, and reminded of.
        #expect(try outbox.counts(at: Sample.at(minutes: 12)).stranded == 5)
    }

    @Test(arguments: OutboxKind.allCases, [(8, 0), (9, 1)] as [(Int64, Int64)])
    func givenSomebodyWhoWaitsWhenTheirLookIsTooFarAwayThenTheyAreStranded(_ kind: OutboxKind, _ look: (days: Int64, stranded: Int64)) throws {
        let outbox = try kind.make()
        try outbox.take(Sample.intake(1, [Sample.news("e1")]))
        let revision = try outbox.box(of: Sample.nurse, at: Sample.start).revision
        try outbox.setLook(Sample.start.adding(days: look.days), for: Sample.nurse, asOf: revision)
        #expect(try outbox.counts(at: Sample.start).stranded == look.stranded)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenSomebodyToBeRemindedWhenNobodyIsGoingToLookThenTheyAreStranded(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let news = Sample.news("e1", answerBy: Sample.at(minutes: 130))
        let message = Sample.message([news])
        try outbox.take(Sample.intake(1, [news]))
        try outbox.form(message)
        try outbox.save(Sample.handedOver(at: 10), of: message.id)
        try outbox.save(Delivery(.settled), of: message.id)
        #expect(try outbox.counts(at: Sample.at(minutes: 20)).stranded == 0)
        try outbox.setLook(nil, for: Sample.nurse, asOf: try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 12)).revision)
        #expect(try outbox.counts(at: Sample.at(minutes: 69)).stranded == 1)
        // After that the quiet hours may say that there is none.
        #expect(try outbox.counts(at: Sample.at(minutes: 70)).stranded == 0)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAReminderThatIsNotDueWhenTheNextStepIsAskedForThenItIsKnownWhenItWillBe(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let all = [Sample.news("e1", answerBy: Sample.at(minutes: 130)), Sample.news("e2", answerBy: Sample.at(minutes: 250))]
        for (index, news) in all.enumerated() {
            let message = Sample.message([news])
            try outbox.take(Sample.intake(Int64(index) + 1, [news]))
            try outbox.form(message)
            try outbox.save(Sample.handedOver(at: 10), of: message.id)
            try outbox.save(Delivery(.settled), of: message.id)
        }
        // Half of the time after they were told: at 70, and at 130.
        for (minute, due, after) in [(12, 0, 70), (69, 0, 70), (70, 1, 130), (129, 1, 130), (131, 1, nil)] as [(Int64, Int, Int64?)] {
            let box = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: minute), isWhole: false)
            #expect(box.unanswered.count == due && box.remindersAfter == after.map { Sample.at(minutes: $0) }, "minute \(minute)")
        }
        let whole = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 12))
        #expect(whole.unanswered.map(\.news) == all && whole.remindersAfter == nil)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenSettledAndOpenThingsWhenPrunedThenOnlyWhatIsSettledAndOldIsForgotten(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let settled = Sample.news("e1")
        let awaited = Sample.news("e2", answerBy: Sample.at(minutes: 5_000))
        let waiting = Sample.news("e3")
        let ended = Sample.news("e4", followUp: "f2")
        let recent = Sample.news("e5")
        for (index, item) in [settled, awaited, waiting, ended].enumerated() { try outbox.take(Sample.intake(Int64(index) + 1, [item])) }
        try outbox.end([ended.key], as: .muted)
        try outbox.take(Sample.intake(1_000, [recent]))
        let messages = [settled, awaited, recent].map { Sample.message([$0]) }
        for message in messages {
            try outbox.form(message)
            try outbox.save(Sample.handedOver(at: message == messages[2] ? 1_001 : 11), of: message.id)
            try outbox.save(Delivery(.settled, channel: .mssante, attempts: 1), of: message.id)
        }
        try outbox.prune(before: Sample.at(minutes: 500))
        let all = [settled, awaited, waiting, ended, recent]
        #expect(try outbox.missing(all.map(\.key)) == [settled.key, ended.key])
        #expect(try messages.map { try outbox.message($0.id) == nil } == [true, true, false])
        let box = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 1_002))
        #expect(box.waiting.map(\.news) == [waiting])
        #expect(box.unanswered.map(\.news) == [awaited])
    }
}
