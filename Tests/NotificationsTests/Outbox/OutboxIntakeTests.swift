import Notifications
import Pathways
import Testing
import Timekeeping

/// What every outbox does with what comes from the log.
struct OutboxIntakeTests {
    @Test(arguments: OutboxKind.allCases)
    func givenNothingWhenNewsComeThenTheirRecipientsAreDue(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let (one, other) = (Sample.news("e1"), Sample.news("e1", to: Sample.doctor))
        try outbox.take(Sample.intake(5, [one, other]))
        #expect(try outbox.due(at: Sample.at(minutes: 4), limit: 10, excluding: []) == [])
        #expect(try outbox.due(at: Sample.at(minutes: 5), limit: 10, excluding: []) == [Sample.nurse, Sample.doctor])
        #expect(try outbox.due(at: Sample.at(minutes: 5), limit: 1, excluding: []) == [Sample.nurse])
        #expect(try outbox.due(at: Sample.at(minutes: 5), limit: 1, excluding: [Sample.nurse]) == [Sample.doctor])
        #expect(try outbox.nextLook() == Sample.at(minutes: 5))
        let box = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 6))
        #expect(box.waiting == [OutboxNews(one, position: 5, recordedAt: Sample.at(minutes: 5))])
        #expect(box.messages.isEmpty && box.unanswered.isEmpty && box.recentRoutine.isEmpty)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAnEventTakenWhenItComesAgainThenNothingChanges(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let intake = Sample.intake(5, [Sample.news("e1"), Sample.news("e1", followUp: "f2")])
        try outbox.take(intake)
        let before = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 6))
        try outbox.setLook(nil, for: Sample.nurse, asOf: before.revision)
        try outbox.take(intake)
        #expect(try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 6)) == before)
        #expect(try outbox.nextLook() == nil)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenNewsWithAFateWhenTheyComeThenNobodyIsDueAndTheKeysAreKnown(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let news = Sample.news("e1")
        try outbox.take(Sample.intake(5, [news], fate: .muted))
        #expect(try outbox.nextLook() == nil)
        #expect(try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 6)).waiting.isEmpty)
        let other = NewsKey(event: "e1", recipient: Sample.nurse, template: "offer-named")
        #expect(try outbox.missing([news.key, other]) == [other])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenWaitingNewsWhenAnEndingComesThenItEndsThoseOfEarlierPositionsThatItNames(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let kept = [Sample.news("e2", followUp: "f2"), Sample.news("e3", to: Sample.doctor), Sample.news("e4", template: "alert-sign")]
        try outbox.take(Sample.intake(2, [Sample.news("e1")]))
        for (position, item) in kept.enumerated() { try outbox.take(Sample.intake(Int64(position) + 3, [item])) }
        let ending = NewsEnding(
            pathway: Sample.pathway,
            followUp: "f1",
            recipients: [Sample.nurse],
            templates: ["offer-named", "offer-pool"],
            reason: .answered
        )
        let own = Sample.news("e9")
        try outbox.take(Sample.intake(9, [own], ending: [ending]))
        let waiting = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 9)).waiting.map(\.news)
        #expect(waiting == [kept[0], kept[2], own])
        #expect(try outbox.box(of: Sample.doctor, at: Sample.at(minutes: 9)).waiting.map(\.news) == [kept[1]])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAPathwayThatAllEndedInWhenNewsOfAnEarlierPositionComeLateThenTheyAreNotTold(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        try outbox.take(Sample.intake(9, ending: [NewsEnding(pathway: Sample.pathway, reason: .deceased)]))
        try outbox.take(Sample.intake(7, [Sample.news("e7", template: "message-undeliverable", followUp: nil)]))
        try outbox.take(Sample.intake(11, [Sample.news("e11", template: "death-notice", followUp: nil)]))
        #expect(try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 12)).waiting.map(\.news.key.event) == ["e11"])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenToldNewsWhenTheyEndThenNobodyIsRemindedOfThem(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let news = Sample.news("e1", answerBy: Sample.at(minutes: 500))
        let message = Sample.message([news])
        try outbox.take(Sample.intake(1, [news]))
        try outbox.form(message)
        try outbox.save(Sample.handedOver(at: 11), of: message.id)
        #expect(try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 12)).unanswered.map(\.news) == [news])
        #expect(try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 500)).unanswered.isEmpty)
        try outbox.take(Sample.intake(20, ending: [NewsEnding(pathway: Sample.pathway, followUp: "f1", reason: .answered)]))
        #expect(try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 21)).unanswered.isEmpty)
        #expect(try outbox.message(message.id)?.delivery == Sample.handedOver(at: 11))
    }

    @Test(arguments: OutboxKind.allCases)
    func givenLooksToComeWhenAllAreToBeLookedAtThenTheyAreDueAndALookSetMeanwhileDoesNotCount(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        try outbox.take(Sample.intake(5, [Sample.news("e1")]))
        try outbox.take(Sample.intake(500, [Sample.news("e2", to: Sample.doctor)]))
        let before = try outbox.box(of: Sample.doctor, at: Sample.start).revision
        try outbox.lookAtAll(from: Sample.at(minutes: 6))
        #expect(try outbox.due(at: Sample.at(minutes: 6), limit: 9, excluding: []) == [Sample.nurse, Sample.doctor])
        #expect(try outbox.nextLook() == Sample.at(minutes: 5))
        try outbox.setLook(Sample.at(minutes: 600), for: Sample.doctor, asOf: before)
        #expect(try outbox.due(at: Sample.at(minutes: 6), limit: 9, excluding: []) == [Sample.nurse, Sample.doctor])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAnEventOfATimeToComeWhenItIsTakenNowThenItsRecipientsAreDueNow(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        let news = [(news: Sample.news("e1"), fate: NewsFate?.none)]
        try outbox.take(NewsIntake(position: 1, recordedAt: Sample.at(minutes: 90), endings: [], news: news, now: Sample.at(minutes: 2)))
        #expect(try outbox.nextLook() == Sample.at(minutes: 2))
        #expect(try outbox.box(of: Sample.nurse, at: Sample.start).waiting.map(\.recordedAt) == [Sample.at(minutes: 90)])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenSomebodyLookedAtWhenSomethingComesMeanwhileThenTheyStayDue(_ kind: OutboxKind) throws {
        let outbox = try kind.make()
        try outbox.take(Sample.intake(5, [Sample.news("e1")]))
        let seen = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 6)).revision
        try outbox.take(Sample.intake(6, [Sample.news("e2")]))
        try outbox.setLook(Sample.at(minutes: 90), for: Sample.nurse, asOf: seen)
        #expect(try outbox.nextLook() == Sample.at(minutes: 5))
        let now = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 6)).revision
        try outbox.setLook(Sample.at(minutes: 90), for: Sample.nurse, asOf: now)
        #expect(try outbox.nextLook() == Sample.at(minutes: 90))
        try outbox.look(at: Sample.nurse, now: Sample.at(minutes: 7))
        #expect(try outbox.nextLook() == Sample.at(minutes: 7))
        try outbox.setLook(nil, for: Sample.nurse, asOf: now)
        #expect(try outbox.nextLook() == Sample.at(minutes: 7))
        try outbox.setLook(nil, for: Sample.nurse, asOf: try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 8)).revision)
        #expect(try outbox.nextLook() == nil)
    }
}
