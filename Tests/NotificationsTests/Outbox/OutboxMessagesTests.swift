import Notifications
import Pathways
import Testing
import Timekeeping

/// What every outbox does with messages.
struct OutboxMessagesTests {
    private let one = Sample.news("e1", answerBy: Sample.at(minutes: 600))
    private let two = Sample.news("e2", template: "planned-discharge", followUp: nil)

    private func box(_ outbox: any Outbox, at minutes: Int64 = 12) throws -> RecipientBox {
        try outbox.box(of: Sample.nurse, at: Sample.at(minutes: minutes))
    }

    private func outbox(_ kind: OutboxKind) throws -> any Outbox {
        let outbox = try kind.make()
        try outbox.take(Sample.intake(1, [one]))
        try outbox.take(Sample.intake(2, [two]))
        return outbox
    }

    @Test(arguments: OutboxKind.allCases)
    func givenWaitingNewsWhenAMessageIsFormedThenTheyWaitNoMoreAndFormingAgainChangesNothing(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.form(message)
        try outbox.form(message)
        #expect(try box(outbox).waiting.map(\.news) == [two])
        #expect(try box(outbox).messages == [message])
        #expect(try outbox.message(message.id) == message)
        #expect(try outbox.message("nothing") == nil)
        let all = try outbox.messages(for: Sample.nurse, after: 0, limit: 10)
        #expect(all.map(\.message) == [message])
        #expect(try outbox.messages(for: Sample.nurse, after: all[0].number, limit: 10).isEmpty)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAMessageWhenItIsHandedOverAndSettledThenItsNewsAreToldAndItIsOpenNoMore(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.save(Sample.handedOver(at: 11), of: message.id)
        #expect(try box(outbox).messages.map(\.delivery) == [Sample.handedOver(at: 11)])
        #expect(try outbox.counts(at: Sample.at(minutes: 12)).unrecorded == 1)
        var settled = Sample.handedOver(at: 11)
        settled.state = .settled
        try outbox.save(settled, of: message.id)
        let box = try box(outbox)
        #expect(box.messages.isEmpty && box.waiting.isEmpty)
        #expect(box.unanswered.map(\.toldAt) == [Sample.at(minutes: 11)])
        #expect(box.recentRoutine == [Sample.at(minutes: 11)])
        #expect(try self.box(outbox, at: 11 + 24 * 60).recentRoutine.isEmpty)
        #expect(try outbox.message(message.id)?.delivery == settled)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenToldNewsWhenTwoRemindersAreFormedThenThereIsNoThird(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.form(message)
        try outbox.save(Sample.handedOver(at: 11), of: message.id)
        for reminder in 1...2 {
            #expect(try box(outbox).unanswered.map(\.reminders) == [reminder - 1])
            let reminding = Sample.message([one], reminder: reminder)
            try outbox.form(reminding)
            try outbox.form(reminding)
            try outbox.save(Sample.handedOver(at: 20), of: reminding.id)
        }
        #expect(try box(outbox).unanswered.isEmpty)
        #expect(try box(outbox).recentRoutine.count == 3)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAnUntouchedMessageWhenOneOfItsNewsEndsThenItIsCancelledAndTheOthersWaitAgain(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.setLook(nil, for: Sample.nurse, asOf: try box(outbox).revision)
        try outbox.take(Sample.intake(8, ending: [NewsEnding(pathway: Sample.pathway, followUp: "f1", reason: .superseded)]))
        #expect(try outbox.message(message.id)?.delivery.state == .cancelled(.superseded))
        #expect(try box(outbox).waiting.map(\.news) == [two])
        #expect(try box(outbox).messages.isEmpty)
        #expect(try outbox.nextLook() == Sample.at(minutes: 8))
        try outbox.form(Sample.message([two]))
        #expect(try box(outbox).messages.map(\.items) == [[two]])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAnUntouchedReminderWhenItsNewsIsAnsweredThenItIsCancelled(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.form(message)
        try outbox.save(Sample.handedOver(at: 11), of: message.id)
        let reminding = Sample.message([one], reminder: 1, at: 300)
        try outbox.form(reminding)
        try outbox.take(Sample.intake(301, ending: [NewsEnding(pathway: Sample.pathway, followUp: "f1", reason: .answered)]))
        #expect(try outbox.message(reminding.id)?.delivery.state == .cancelled(.answered))
    }

    @Test(
        arguments: OutboxKind.allCases,
        [
            Delivery(.waiting(until: Sample.at(minutes: 30)), channel: .mssante, attempts: 1, since: Sample.at(minutes: 10)),
            Delivery(.waiting(until: Sample.at(minutes: 30)), channel: .email, tried: [.mssante]),
            Delivery(.failed(.noChannel, at: Sample.at(minutes: 11))),
        ]
    )
    func givenAnAttemptedMessageWhenItsNewsEndThenItStaysAsItIs(_ kind: OutboxKind, _ delivery: Delivery) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.save(delivery, of: message.id)
        try outbox.take(Sample.intake(8, ending: [NewsEnding(pathway: Sample.pathway, reason: .deceased)]))
        #expect(try outbox.message(message.id)?.delivery == delivery)
        #expect(try box(outbox).messages.map(\.items) == [[one, two]])
        #expect(try box(outbox).waiting.isEmpty)
    }

    private let begun = Delivery(.waiting(until: Sample.at(minutes: 30)), channel: .mssante, attempts: 1, since: Sample.at(minutes: 10))
    private let refused = Delivery(
        .waiting(until: Sample.at(minutes: 30)),
        channel: .mssante,
        attempts: 1,
        since: Sample.at(minutes: 10),
        mayBeOut: false
    )
    private let withdrawal = Sample.intake(
        8,
        ending: [NewsEnding(pathway: Sample.pathway, followUp: "f1", recipients: [Sample.nurse], templates: ["offer-named"], reason: .withdrawn)]
    )

    @Test(arguments: OutboxKind.allCases, [true, false])
    func givenAnAttemptThatWasCertainlyRefusedWhenOneOfItsNewsEndsThenItIsCancelledAndTheOthersWaitAgain(
        _ kind: OutboxKind,
        _ endsDuringTheAttempt: Bool
    ) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.save(begun, of: message.id)
        if endsDuringTheAttempt {
            try outbox.take(withdrawal)
            #expect(try box(outbox).messages.map(\.delivery) == [begun])
            #expect(try box(outbox).ended == [one.key: .withdrawn])
            try outbox.save(refused, of: message.id)
        } else {
            try outbox.save(refused, of: message.id)
            #expect(try box(outbox).messages.map(\.delivery) == [refused])
            try outbox.take(withdrawal)
        }
        #expect(try outbox.message(message.id)?.delivery.state == .cancelled(.withdrawn))
        #expect(try box(outbox).waiting.map(\.news) == [two])
        #expect(try box(outbox).doubtful.isEmpty)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAMessageThatWasCancelledWhenItsAttemptIsToBeginThenItStaysCancelled(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.form(message)
        try outbox.take(withdrawal)
        try outbox.save(begun, of: message.id)
        #expect(try outbox.message(message.id)?.delivery.state == .cancelled(.withdrawn))
        #expect(try box(outbox).messages.isEmpty)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAMessageThatMayBeOutWhenItIsCancelledThenItsNewsAreDoubtful(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.form(message)
        try outbox.save(begun, of: message.id)
        var cancelled = begun
        cancelled.state = .cancelled(.withdrawn)
        try outbox.save(cancelled, of: message.id)
        #expect(try box(outbox).doubtful == [one])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAMessageThatNobodyHasWhenItIsParkedOrTriedAgainThenWhatHasEndedLeavesIt(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.save(Delivery(.failed(.noChannel, at: Sample.at(minutes: 6))), of: message.id)
        try outbox.take(withdrawal)
        try outbox.save(Delivery(.settled), of: message.id)
        try outbox.save(Delivery(.waiting(until: Sample.at(minutes: 12))), of: message.id)
        #expect(try outbox.message(message.id)?.delivery.state == .cancelled(.withdrawn))
        #expect(try box(outbox).waiting.map(\.news) == [two])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAMessageCancelledDuringItsAttemptWhenTheChannelTookItThenItsNewsAreTold(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.take(Sample.intake(8, ending: [NewsEnding(pathway: Sample.pathway, followUp: "f1", reason: .superseded)]))
        try outbox.save(Sample.handedOver(at: 11), of: message.id)
        #expect(try box(outbox).waiting.isEmpty)
        #expect(try box(outbox).messages.map(\.id) == [message.id])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenNewsThatEndedSinceTheyWereSeenWhenAMessageIsFormedThenItIsCancelledAndTheOthersWait(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        try outbox.end([one.key], as: .notHeard)
        let message = Sample.message([one, two])
        try outbox.form(message)
        #expect(try outbox.message(message.id)?.delivery.state == .cancelled(.notHeard))
        #expect(try box(outbox).waiting.map(\.news) == [two])
    }

    @Test(arguments: OutboxKind.allCases)
    func givenAMessageThatCannotBeRenderedWhenItIsCancelledThenItsNewsEnd(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        try outbox.form(message)
        try outbox.save(Delivery(.cancelled(.erased)), of: message.id)
        let counts = try outbox.counts(at: Sample.at(minutes: 12))
        #expect(counts.waiting == 0 && counts.pending == 0 && counts.unrecorded == 0 && counts.parked == 0)
        #expect(try box(outbox).waiting.isEmpty && box(outbox).messages.isEmpty)
    }

    @Test(arguments: OutboxKind.allCases)
    func givenParkedMessagesWhenOneIsRetriedThenItIsTriedFromItsFirstChannelOn(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let (later, sooner) = (Sample.message([one]), Sample.message([two]))
        for (message, since) in [(later, Int64(30)), (sooner, 20)] {
            try outbox.form(message)
            let parked = Delivery(
                .parked(problem: "no template", since: Sample.at(minutes: since)),
                channel: .email,
                attempts: 3,
                since: Sample.at(minutes: 11),
                tried: [.mssante]
            )
            try outbox.save(parked, of: message.id)
        }
        #expect(try outbox.parked().map(\.id) == [sooner.id, later.id])
        #expect(try box(outbox).messages.isEmpty)
        try outbox.setLook(nil, for: Sample.nurse, asOf: try box(outbox).revision)
        #expect(try outbox.retry("nothing", at: Sample.at(minutes: 40)) == false)
        #expect(try outbox.retry(sooner.id, at: Sample.at(minutes: 40)))
        #expect(try outbox.retry(sooner.id, at: Sample.at(minutes: 40)) == false)
        #expect(try outbox.parked().map(\.id) == [later.id])
        #expect(try outbox.message(sooner.id)?.delivery == Delivery(.waiting(until: Sample.at(minutes: 40)), mayBeOut: true))
        #expect(try outbox.nextLook() == Sample.at(minutes: 40))
        try outbox.take(Sample.intake(41, ending: [NewsEnding(pathway: Sample.pathway, reason: .deceased)]))
        #expect(try outbox.message(sooner.id)?.delivery.state == .waiting(until: Sample.at(minutes: 40)))
    }
}
