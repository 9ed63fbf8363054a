import Testing

@testable import NotificationChannels

/// What answers mean: pure tables.
@Suite struct VerdictTests {
    @Test(arguments: [
        (200, nil, DeliveryOutcome.handedOver(receipt: "r")), (204, nil, .handedOver(receipt: "r")),
        (422, nil, .never(reason: "http-422")), (400, 5, .never(reason: "http-400")),
        (408, nil, .later(reason: "http-408", after: nil)), (425, nil, .later(reason: "http-425", after: nil)),
        (429, 7, .later(reason: "http-429", after: .seconds(7))), (503, 60, .later(reason: "http-503", after: .seconds(60))),
        (429, 10_000_000, .later(reason: "http-429", after: .seconds(86_400))), (503, nil, .later(reason: "http-503", after: nil)),
        (500, nil, .later(reason: "http-500", after: nil)), (502, nil, .later(reason: "http-502", after: nil)),
        (302, nil, .later(reason: "http-302", after: nil)), (0, nil, .later(reason: "http-0", after: nil)),
    ])
    func http(_ status: Int, _ pause: Int64?, _ expected: DeliveryOutcome) {
        let answer = HTTPAnswer(status: status, retryAfter: pause.map { .seconds($0) }, body: [])
        #expect(HTTPVerdict.outcome(of: answer, account: .recipient, receipt: "r") == expected)
        #expect(HTTPVerdict.outcome(of: answer, account: .us, receipt: "r") == expected)
    }

    /// What the operator can repair at our own gateway is nobody's fault who is to be told.
    @Test(arguments: [401, 402, 403, 404, 405, 407, 410, 413, 415, 421, 431]) func refusedAccount(_ status: Int) {
        let answer = HTTPAnswer(status: status, retryAfter: nil, body: [])
        #expect(HTTPVerdict.outcome(of: answer, account: .recipient, receipt: nil) == .never(reason: "http-\(status)"))
        #expect(HTTPVerdict.outcome(of: answer, account: .us, receipt: nil) == .later(reason: "configuration-http-\(status)", after: nil))
    }

    @Test(arguments: [
        (SMTPStep.recipient, 450, "4.2.1 busy", DeliveryOutcome.later(reason: "smtp-450-4.2.1", after: nil)),
        (.recipient, 550, "5.1.1 no such user", .never(reason: "smtp-550-5.1.1")), (.recipient, 551, "moved", .never(reason: "smtp-551")),
        (.recipient, 553, "5.1.3 odd", .never(reason: "smtp-553-5.1.3")), (.recipient, 554, "5.7.1 no", .never(reason: "smtp-554-5.7.1")),
        (.recipient, 552, "5.2.2 full", .later(reason: "smtp-552-5.2.2", after: nil)), (.content, 552, "5.3.4 big", .never(reason: "smtp-552-5.3.4")),
        (.recipient, 530, "5.7.0 first STARTTLS", .later(reason: "configuration-smtp-530-5.7.0", after: nil)),
        (.sender, 550, "5.7.1 sender barred", .later(reason: "configuration-smtp-550-5.7.1", after: nil)),
        (.recipient, 550, "5.1.8 sender unknown", .later(reason: "configuration-smtp-550-5.1.8", after: nil)),
        (.sender, 535, "5.7.8 no", .later(reason: "configuration-smtp-535-5.7.8", after: nil)),
        (.content, 554, "5.6.0 refused", .never(reason: "smtp-554-5.6.0")), (.content, 451, "", .later(reason: "smtp-451", after: nil)),
        (.recipient, 550, "ide@mssante.test unknown", .never(reason: "smtp-550")),
    ])
    func smtp(_ step: SMTPStep, _ code: Int, _ text: String, _ expected: DeliveryOutcome) {
        #expect(SMTPVerdict.outcome(of: .refused(step, SMTPReply(code: code, lines: [text]))) == expected)
    }

    @Test func smtpReceipt() {
        let reply = SMTPReply(code: 250, lines: ["2.0.0 Ok: queued as 4Yx\r\u{7}" + String(repeating: "x", count: 1_000)])
        guard case .handedOver(let receipt?) = SMTPVerdict.outcome(of: .accepted(reply)) else { return #expect(Bool(false)) }
        #expect(receipt.hasPrefix("2.0.0 Ok: queued as 4Yxxx") && receipt.utf8.count == 200)
    }

    @Test(arguments: [("250-PIPELINING", 250, false), ("250 DSN", 250, true), ("354", 354, true)])
    func replyLine(_ line: String, _ code: Int, _ isLast: Bool) throws {
        let parsed = try #require(SMTPReply.parse(Array(line.utf8)))
        #expect(parsed.code == code && parsed.isLast == isLast)
    }

    @Test(arguments: ["", "25", "abc", "250x", "2 0 ok"]) func noReplyLine(_ line: String) {
        #expect(SMTPReply.parse(Array(line.utf8)) == nil)
    }
}
