import TestSupport
import Testing

@testable import NotificationChannels

/// Reports of several mail systems, and damage of every kind.
@Suite struct BounceParserTests {
    @Test func postfixFailure() {
        #expect(
            BounceParser.reports(in: Array(Self.failure.utf8)) == [
                MailReport(
                    kind: .failed,
                    recipient: "gone@mssante.test",
                    status: "5.1.1",
                    envelopeID: "0a1b",
                    messageID: "<0a1b.mssante@relais.test>"
                )
            ]
        )
    }

    @Test(arguments: [
        ("failed", MailReport.Kind.failed), ("Delayed (still trying)", .delayed), ("delivered", .delivered), ("relayed", .relayed),
        ("expanded", .delivered),
    ])
    func actions(_ action: String, _ kind: MailReport.Kind) {
        let mail = Self.failure.replacing("Action: failed", with: "Action: \(action)")
        #expect(BounceParser.reports(in: Array(mail.utf8)).map(\.kind) == [kind])
    }

    @Test func severalRecipients() {
        let mail = Self.failure.replacing(
            "Diagnostic-Code:",
            with: "X-More: 1\r\n\r\nFinal-Recipient: rfc822; b+2B1@x.test\r\nAction: delayed\r\nStatus: 4.4.1 (no answer)\r\nDiagnostic-Code:"
        )
        #expect(BounceParser.reports(in: Array(mail.utf8)).map(\.recipient) == ["gone@mssante.test", "b+1@x.test"])
        #expect(BounceParser.reports(in: Array(mail.utf8)).map(\.status) == ["5.1.1", "4.4.1"])
    }

    @Test(arguments: [
        ("manual-action/MDN-sent-manually; displayed", MailReport.Kind.displayed), ("automatic-action/MDN-sent-automatically; deleted", .deleted),
        ("automatic-action/MDN-sent-automatically; processed/error", .failed), ("automatic-action/MDN-sent-automatically;failed", .failed),
        ("manual-action/MDN-sent-manually; Displayed/error", .displayed), ("automatic-action/MDN-sent-automatically; dispatched", .handled),
    ])
    func confirmations(_ disposition: String, _ kind: MailReport.Kind) {
        let mail = Self.confirmation.replacing("DISPOSITION", with: disposition)
        #expect(
            BounceParser.reports(in: Array(mail.utf8)) == [
                MailReport(kind: kind, recipient: "medecin@mssante.test", messageID: "<0a1b.mssante@relais.test>")
            ]
        )
    }

    @Test(arguments: [
        "[KO Intégration système !][E42] XDM/1.0/DDM+Lettre DURAND Lea 12/03/1950", "[KO Integration systeme!][e42]",
        "=?UTF-8?Q?=5BKO_Int=C3=A9gration_syst=C3=A8me_!=5D=5BE42=5D_XDM/1.0/DDM+Lettre?=\r\n =?UTF-8?Q?_DURAND?=",
        "=?ISO-8859-1?B?W0tPIEludOlncmF0aW9uIHN5c3TobWUgIV1bRTQyXQ==?=",
    ])
    func integrationFailure(_ subject: String) {
        let mail = "From: robot@mssante.test\r\nSubject: \(subject)\r\nIn-Reply-To: <0a1b.mssante@relais.test>\r\n\r\nImpossible.\r\n"
        #expect(
            BounceParser.reports(in: Array(mail.utf8)) == [
                MailReport(kind: .integrationFailed, status: "E42", messageID: "<0a1b.mssante@relais.test>")
            ]
        )
    }

    @Test(arguments: [
        "", "\r\n", "Subject: Re: bonjour\r\n\r\nMerci", "Content-Type: multipart/report; boundary=\r\n\r\n", "\u{0}\u{1}",
        "Content-Type: multipart/mixed",
    ])
    func noReport(_ mail: String) {
        #expect(BounceParser.reports(in: Array(mail.utf8)).isEmpty)
    }

    @Test func partInBase64() {
        let status = "Original-Envelope-Id: <0a1b>\n\nFinal-Recipient: rfc822;a@b.test\nAction: delivered\n"
        let mail = """
            Content-Type: Multipart/Report; report-type=delivery-status;\n boundary="a\\"b; c"\nReferences: <x@y> <0a1b@relais.test>\n
            --a"b; c
            Content-Type: message/delivery-status
            Content-Transfer-Encoding: base64

            \(Base64.encode(status.utf8))
            --a"b; c--
            """
        #expect(
            BounceParser.reports(in: Array(mail.utf8)) == [
                MailReport(kind: .delivered, recipient: "a@b.test", envelopeID: "0a1b", messageID: "<0a1b@relais.test>")
            ]
        )
    }

    /// Deep nesting and many parts end.
    @Test func bombs() {
        let nested = (0..<5_000).map { "Content-Type: multipart/mixed; boundary=b\($0)\r\n\r\n--b\($0)\r\n" }.joined()
        #expect(BounceParser.reports(in: Array(nested.utf8)).isEmpty)
        let many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + String(repeating: "--b\r\n\r\n", count: 50_000)
        #expect(BounceParser.reports(in: Array(many.utf8)).isEmpty)
        let folded = "Subject: x\r\n" + String(repeating: " y\r\n", count: 100_000)
        #expect(BounceParser.reports(in: Array(folded.utf8)).isEmpty)
        let words = "Subject: " + String(repeating: "=?UTF-8?Q?", count: 20_000) + "\r\n"
        #expect(BounceParser.reports(in: Array(words.utf8)).isEmpty)
    }

    @Test(arguments: [UInt64(3), 1_789, 20_261_122, 4_294_967_291]) func noDamageTraps(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let sources = [Self.failure, Self.confirmation.replacing("DISPOSITION", with: "a/b; displayed"), Self.failure + Self.confirmation]
        let interesting: [UInt8] = Array("\r\n:;=?\"\\<>@-+_ (){}".utf8) + [0x00, 0x80, 0xC3, 0xFF]
        var read = 0
        for round in 0..<3_000 {
            var bytes = Array((sources.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let place = Int.random(in: 0..<max(bytes.count, 1), using: &random)
                guard place < bytes.count else { continue }
                switch Int.random(in: 0..<6, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes[place] = interesting.randomElement(using: &random) ?? 0
                case 2: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                case 3: bytes.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &random), bytes.count))
                case 4: bytes.insert(contentsOf: bytes[place..<min(place + Int.random(in: 1...60, using: &random), bytes.count)], at: place)
                default: if round.isMultiple(of: 5) { bytes.removeSubrange(place...) }
                }
            }
            for report in BounceParser.reports(in: bytes) {
                read += 1
                for text in [report.recipient, report.status, report.envelopeID, report.messageID] {
                    #expect((text ?? "x").utf8.allSatisfy { (0x21...0x7E).contains($0) }, "seed \(seed) round \(round)")
                }
            }
        }
        #expect(read > 500, "most damage leaves something to read")
    }

    @Test(arguments: [UInt64(5), 99]) func noNoiseTraps(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = BounceParser.reports(in: bytes)
            _ = EncodedWord.decode(text)
            _ = JSONReceipt.member("id", of: bytes)
            _ = SMTPReply.parse(bytes)
            _ = IMAPResponse.announcedLength(bytes)
            _ = MailParameters(text)["boundary"]
            _ = (WebAddress(text), AddrSpec(text), PhoneNumber(text), WebhookSecret("whsec_" + text), MessageID(headerValue: text))
            _ = (QuotedPrintable.decode(bytes), Base64.decodeTolerantly(bytes), XText.decode(text))
        }
    }

    @Test(arguments: [
        (#"{"id":"x1"}"#, "x1"), (#"{"a":{"id":"no"},"id":42,"z":1}"#, "42"), (#"[{"id":"no"}]"#, nil), (#"{"a":"id","b":"c"}"#, nil), ("", nil),
        (#"{"id"#, nil), (#"{"id":""}"#, nil), (#"{"id":"a b"}"#, nil), (#"{"x":"\"id\":","id":"y"}"#, "y"), (#"{"id":null,"id2":"q"}"#, nil),
    ])
    func receipt(_ text: String, _ expected: String?) {
        #expect(JSONReceipt.member("id", of: Array(text.utf8)) == expected)
    }

    static let failure = """
        From: MAILER-DAEMON@mx.mssante.test (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: notifications@relais.test
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="4Yx.1795365042/mx.mssante.test"

        This is a MIME-encapsulated message.

        --4Yx.1795365042/mx.mssante.test
        Content-Description: Notification
        Content-Type: text/plain; charset=utf-8

        I'm sorry.

        --4Yx.1795365042/mx.mssante.test
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.mssante.test
        Original-Envelope-Id: 0a1b
        X-Postfix-Queue-ID: 4Yx

        Final-Recipient: rfc822; gone@mssante.test
        Original-Recipient: rfc822;gone@mssante.test
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 <gone@mssante.test> User doesn't exist

        --4Yx.1795365042/mx.mssante.test
        Content-Type: text/rfc822-headers

        From: <notifications@relais.test>
        Message-ID: <0a1b.mssante@relais.test>
        Subject: =?UTF-8?B?U29ydGll?=

        --4Yx.1795365042/mx.mssante.test--

        """.replacing("\n", with: "\r\n")

    static let confirmation = """
        From: medecin@mssante.test
        Subject: Lu : Sortie
        Content-Type: multipart/report; report-type=disposition-notification; boundary=frontier

        --frontier
        Content-Type: text/plain

        Lu.
        --frontier
        Content-Type: message/disposition-notification

        Reporting-UA: logiciel; 1.0
        Original-Recipient: rfc822;medecin@mssante.test
        Final-Recipient: rfc822;medecin@mssante.test
        Original-Message-ID: <0a1b.mssante@relais.test>
        Disposition: DISPOSITION

        --frontier--

        """.replacing("\n", with: "\r\n")
}
