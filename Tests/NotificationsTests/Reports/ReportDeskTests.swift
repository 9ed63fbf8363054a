import EventStore
import NotificationChannels
import Notifications
import Pathways
import TestSupport
import Testing
import Timekeeping

/// What mail systems report becomes facts, once; what came back is tried another way.
struct ReportDeskTests {
    private let nurse = Practice.nurse

    /// A message that secure mail took, as the dispatcher leaves it.
    private func sent() async throws -> (practice: Practice, desk: ReportDesk, message: OutboxMessage) {
        let practice = try await Practice()
        var message = Sample.message([Sample.news("e1", to: nurse)])
        try practice.outbox.take(Sample.intake(1, message.items))
        try practice.outbox.form(message)
        let at = Sample.at(minutes: 11)
        let taken = Delivery(.handedOver(by: .mssante, receipt: "Q7", at: at), channel: .mssante, attempts: 1, since: at)
        try practice.outbox.save(taken, of: message.id)
        message.delivery = taken
        try await practice.ledger.record(
            handOver: MessageHandedOver(
                recipient: nurse,
                message: message.id,
                channel: .mssante,
                items: message.items.map(ToldItem.init),
                urgency: .routine,
                attempts: 1,
                at: at
            )
        )
        try practice.outbox.save(Delivery(.settled, channel: .mssante, attempts: 1, since: at), of: message.id)
        return (practice, ReportDesk(outbox: practice.outbox, ledger: practice.ledger, time: practice.clock.source), message)
    }

    private func name(_ message: OutboxMessage, _ channel: String = "mssante") -> String { "<\(message.id).\(channel)@relais.test>" }

    private static let statuses: [(String?, BounceReason)] = [
        ("5.1.1", .unknownAddress), ("5.2.2", .mailboxFull), ("4.4.7", .expired), ("5.7.1", .refused), ("5.3.0", .other),
        ("not a code\r\nBcc: x", .other), (nil, .other),
    ]

    @Test(arguments: statuses)
    func givenASentMessageWhenItComesBackThenThatIsAFactAndItIsTriedAnotherWay(_ status: String?, _ reason: BounceReason) async throws {
        let (practice, desk, message) = try await sent()
        let report = MailReport(kind: .failed, status: status, messageID: name(message))
        for _ in 0..<2 { #expect(try await desk.take(report) == .recorded) }
        let record = try #require(try practice.record(of: message.id, to: nurse))
        #expect(record.bounces.map(\.reason) == [reason] && record.standing.isEmpty)
        let delivery = try #require(try practice.outbox.message(message.id)).delivery
        guard case .waiting = delivery.state else {
            Issue.record("it is not tried another way: \(delivery.state)")
            return
        }
        #expect(delivery.tried == [.mssante])
        #expect(try practice.outbox.due(at: practice.clock.now, limit: 10, excluding: []).contains(nurse))
    }

    @Test func givenAnIntegrationFailureThenItsReasonSaysSo() async throws {
        let (practice, desk, message) = try await sent()
        #expect(try await desk.take(MailReport(kind: .integrationFailed, status: "E42", messageID: name(message))) == .recorded)
        let record = try #require(try practice.record(of: message.id, to: nurse))
        #expect(record.bounces.map(\.reason) == [.notIntegrated] && record.bounces.map(\.code) == ["E42"])
    }

    @Test func givenAConfirmationThenItArrivedAndWasSeen() async throws {
        let (practice, desk, message) = try await sent()
        #expect(try await desk.take(MailReport(kind: .displayed, messageID: name(message))) == .recorded)
        let record = try #require(try practice.record(of: message.id, to: nurse))
        #expect(record.deliveries.count == 1 && record.openings.map(\.via) == [.confirmation])
        #expect(try practice.outbox.message(message.id)?.delivery.state == .settled)
    }

    @Test func givenADeliveryReportByEnvelopeThenItIsThatOfSecureMail() async throws {
        let (practice, desk, message) = try await sent()
        #expect(try await desk.take(MailReport(kind: .delivered, envelopeID: message.id)) == .recorded)
        #expect(try practice.record(of: message.id, to: nurse)?.deliveries.map(\.channel) == [.mssante])
    }

    @Test(arguments: [MailReport.Kind.relayed, .delayed, .deleted, .handled])
    func givenAReportThatSaysNothingThenNothingIsKept(_ kind: MailReport.Kind) async throws {
        let (practice, desk, message) = try await sent()
        let before = try practice.log.head()
        #expect(try await desk.take(MailReport(kind: kind, messageID: name(message))) == .passedOver)
        #expect(try practice.log.head() == before)
    }

    /// Whoever writes to the mailbox cannot make facts of messages that are not ours, or of channels that never had them.
    @Test(arguments: [
        nil, "", "<>", "<a.b.c@d>", "<00000000000000000000000000000000.mssante@relais.test>", "<ID.sms@relais.test>", "<ID.fax@relais.test>",
        "<ID@relais.test>",
    ])
    func givenAForgedReportThenNothingIsRecorded(_ text: String?) async throws {
        let (practice, desk, message) = try await sent()
        let before = try practice.log.head()
        let report = MailReport(kind: .failed, status: "5.1.1", messageID: text?.replacing("ID", with: message.id))
        #expect(try await desk.take(report) == .unknown)
        #expect(try practice.log.head() == before)
        #expect(try practice.outbox.message(message.id)?.delivery.state == .settled)
    }
}
