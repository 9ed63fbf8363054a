import NotificationChannels
import Notifications
import Pathways
import Testing
import Timekeeping

/// What every outbox does beside others that tell the same people.
struct SharedOutboxTests {
    private let one = Sample.news("e1", answerBy: Sample.at(minutes: 600))
    private let two = Sample.news("e2", template: "planned-discharge", followUp: nil)

    private func outbox(_ kind: OutboxKind) throws -> any Outbox {
        let outbox = try kind.make()
        try outbox.take(Sample.intake(1, [one]))
        try outbox.take(Sample.intake(2, [two]))
        return outbox
    }

    private func box(_ outbox: any Outbox) throws -> RecipientBox { try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 30)) }

    private func handOver(_ message: OutboxMessage, at minutes: Int64 = 20) -> ToldFact {
        .handedOver(
            MessageHandedOver(
                recipient: message.recipient,
                message: message.id,
                channel: .sms,
                items: message.items.map { ToldItem($0) },
                urgency: message.urgency,
                reminder: message.reminder,
                attempts: 2,
                at: Sample.at(minutes: minutes)
            )
        )
    }

    private func undeliverable(_ message: OutboxMessage) -> ToldFact {
        .undeliverable(
            MessageUndeliverable(
                recipient: message.recipient,
                message: message.id,
                items: message.items.map { ToldItem($0) },
                tried: [.sms],
                reason: .refused,
                told: nil,
                at: Sample.at(minutes: 20)
            )
        )
    }

    @Test("Given news that another node told, when the log says so, then they are told here too, once", arguments: OutboxKind.allCases)
    func adopted(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one, two])
        for _ in 0..<2 { try outbox.adopt(handOver(message), at: Sample.at(minutes: 21)) }
        #expect(try box(outbox).waiting.isEmpty && box(outbox).messages.isEmpty)
        #expect(try box(outbox).unanswered.map(\.toldAt) == [Sample.at(minutes: 20)])
        #expect(try box(outbox).recentRoutine == [Sample.at(minutes: 20)])
        #expect(try outbox.message(message.id)?.delivery.state == .settled)
        #expect(try outbox.due(at: Sample.at(minutes: 21), limit: 9) == [Sample.nurse])
        #expect(try outbox.messages(for: Sample.nurse, after: 0, limit: 9).count == 1)
    }

    @Test("Given a reminder that another node sent, then there is one fewer to come", arguments: OutboxKind.allCases)
    func reminded(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        try outbox.adopt(handOver(Sample.message([one])), at: Sample.at(minutes: 21))
        try outbox.adopt(handOver(Sample.message([one], reminder: 1), at: 25), at: Sample.at(minutes: 25))
        #expect(try box(outbox).unanswered.map(\.reminders) == [1])
    }

    @Test("Given a message that another node could not deliver, then nobody here tries it", arguments: OutboxKind.allCases)
    func undelivered(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.adopt(undeliverable(message), at: Sample.at(minutes: 21))
        #expect(try box(outbox).waiting.map(\.news) == [two])
        #expect(try outbox.message(message.id)?.delivery.state == .settled)
        #expect(try box(outbox).unanswered.isEmpty)
    }

    @Test("Given a message that was given up, when another node told it after all, then it is told here too", arguments: OutboxKind.allCases)
    func toldAfterAll(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.adopt(undeliverable(message), at: Sample.at(minutes: 21))
        try outbox.adopt(handOver(message, at: 40), at: Sample.at(minutes: 41))
        #expect(try box(outbox).unanswered.map(\.toldAt) == [Sample.at(minutes: 40)])
        #expect(try outbox.message(message.id)?.delivery.state == .settled)
    }

    @Test("Given a message in hand here, when the log says what became of it, then it is settled", arguments: OutboxKind.allCases)
    func settled(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.form(message)
        try outbox.save(Delivery(.waiting(until: Sample.at(minutes: 40)), channel: .mssante, attempts: 1), of: message.id)
        try outbox.adopt(handOver(message), at: Sample.at(minutes: 21))
        #expect(try outbox.message(message.id)?.delivery.state == .settled)
        #expect(try box(outbox).messages.isEmpty && box(outbox).unanswered.count == 1)
    }

    @Test("Given facts about news that are not known here, then nothing changes", arguments: OutboxKind.allCases)
    func unknown(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        try outbox.adopt(handOver(Sample.message([Sample.news("e9")])), at: Sample.at(minutes: 21))
        try outbox.adopt(handOver(Sample.message([one, Sample.news("e9")])), at: Sample.at(minutes: 21))
        #expect(try box(outbox).waiting.map(\.news) == [one, two])
    }

    @Test(
        "Given messages that nobody can have, when others are to tell, then their news wait as before, and those that may be out stay",
        arguments: OutboxKind.allCases
    )
    func disbanded(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let doctors = Sample.news("e3", to: Sample.doctor)
        try outbox.take(Sample.intake(3, [doctors]))
        for message in [Sample.message([one]), Sample.message([doctors])] { try outbox.form(message) }
        let begun = Sample.message([two])
        try outbox.form(begun)
        try outbox.save(Delivery(.waiting(until: Sample.at(minutes: 11)), channel: .sms, attempts: 1), of: begun.id)
        // Others may be able to read what this node cannot.
        try outbox.save(Delivery(.parked(problem: "unreadable", since: Sample.at(minutes: 11))), of: Sample.message([one]).id)
        try outbox.disband { $0 == Sample.nurse }
        #expect(try box(outbox).waiting.map(\.news) == [one])
        #expect(try box(outbox).messages.map(\.id) == [begun.id] && outbox.parked().isEmpty)
        #expect(try outbox.box(of: Sample.doctor, at: Sample.at(minutes: 30)).messages.count == 1)
        // As if it had never been: it can be formed again.
        try outbox.form(Sample.message([one]))
        #expect(try box(outbox).waiting.isEmpty && box(outbox).messages.count == 2)
    }

    @Test(
        "Given a told news of which a reminder was formed, when it is taken apart, then the reminder is still to come",
        arguments: OutboxKind.allCases
    )
    func disbandedReminder(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        try outbox.adopt(handOver(Sample.message([one])), at: Sample.at(minutes: 21))
        try outbox.form(Sample.message([one], reminder: 1, at: 22))
        try outbox.disband { _ in true }
        #expect(try box(outbox).unanswered.map(\.reminders) == [0])
    }

    @Test("Given what another node has begun, when it is taken over, then it is the same message, gone on with", arguments: OutboxKind.allCases)
    func resumed(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        var begun = Sample.message([one])
        begun.delivery = Delivery(
            .waiting(until: Sample.at(minutes: 12)),
            channel: .sms,
            attempts: 1,
            since: Sample.at(minutes: 11),
            tried: [.mssante]
        )
        try outbox.resume(begun, at: Sample.at(minutes: 30))
        #expect(try box(outbox).messages == [begun] && box(outbox).waiting.map(\.news) == [two])
        // What it tells has ended since: it stays, since somebody may have it.
        try outbox.end([one.key], as: .withdrawn)
        #expect(try outbox.message(begun.id)?.delivery == begun.delivery)
        // Or the log knows more.
        try outbox.adopt(handOver(begun), at: Sample.at(minutes: 31))
        try outbox.resume(begun, at: Sample.at(minutes: 32))
        #expect(try outbox.message(begun.id)?.delivery.state == .settled)
    }

    @Test("Given news that another node decided not to tell, when its share is taken over, then nobody tells them", arguments: OutboxKind.allCases)
    func decided(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        var decision = Sample.message([one])
        decision.delivery = Delivery(.cancelled(.notHeard))
        for _ in 0..<2 { try outbox.resume(decision, at: Sample.at(minutes: 30)) }
        #expect(try box(outbox).waiting.map(\.news) == [two] && box(outbox).messages.isEmpty && box(outbox).doubtful.isEmpty)
        #expect(try outbox.news([one.key]).map(\.ended) == [.notHeard])
    }

    @Test(
        "Given a message that was handed over, when its share is taken over before the log says so, then that is recorded, not told again",
        arguments: OutboxKind.allCases
    )
    func unrecorded(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        var message = Sample.message([one])
        message.delivery = Sample.handedOver(at: 20)
        try outbox.resume(message, at: Sample.at(minutes: 30))
        #expect(try box(outbox).messages == [message])
        #expect(try outbox.news([one.key]).map(\.toldAt) == [Sample.at(minutes: 20)])
    }

    @Test("Given a message that was given up, when somebody had it tried again, then whoever takes over goes on", arguments: OutboxKind.allCases)
    func triedAgain(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.adopt(undeliverable(message), at: Sample.at(minutes: 21))
        try outbox.resume(message, at: Sample.at(minutes: 30))
        #expect(try outbox.message(message.id)?.delivery.state == .settled)
        try outbox.resume(message, isGivenUp: true, at: Sample.at(minutes: 30))
        #expect(try box(outbox).messages.map(\.id) == [message.id])
    }

    @Test("Given a message that came back, then it is tried by the next channel, once", arguments: OutboxKind.allCases)
    func cameBack(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        let message = Sample.message([one])
        try outbox.adopt(handOver(message), at: Sample.at(minutes: 21))
        for _ in 0..<2 { try outbox.tryAnotherWay(message.id, than: .sms, at: Sample.at(minutes: 30)) }
        let delivery = try #require(try outbox.message(message.id)?.delivery)
        #expect(delivery.state == .waiting(until: Sample.at(minutes: 30)) && delivery.tried == [.sms] && delivery.mayBeOut)
        try outbox.tryAnotherWay("nothing", than: .sms, at: Sample.at(minutes: 30))
    }

    @Test("Given many who are due, when some are asked for, then those alone are told", arguments: OutboxKind.allCases)
    func meant(_ kind: OutboxKind) throws {
        let outbox = try outbox(kind)
        try outbox.take(Sample.intake(7, [Sample.news("e3", to: Sample.doctor)]))
        #expect(try outbox.due(at: Sample.at(minutes: 9), limit: 1) { $0 == Sample.doctor } == [Sample.doctor])
        #expect(try outbox.nextLook { $0 == Sample.doctor } == Sample.at(minutes: 7))
        #expect(try outbox.nextLook { _ in false } == nil)
        #expect(try outbox.news([one.key, Sample.news("e9").key]).map(\.news) == [one])
    }
}
