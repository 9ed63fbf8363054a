import Foundation
import Subprocess
import TestSupport
import Testing
import Timekeeping

@testable import NotificationChannels

/// Mails as we write them, read by another program: Python's email package.
@Suite(.timeLimit(.minutes(30))) struct MailComposerTests {
    @Test(arguments: [
        "Sortie prévue de Mme Léa DURAND — à confirmer aujourd’hui avant 18 h, sinon le référent-parcours est prévenu 😀", "Plain subject",
        "=?UTF-8?Q?x?=",
        "", " ", "é", String(repeating: "long ", count: 60), String(repeating: "😀", count: 60), "Subject: x", "a:b;c,d<e>@\"f\"",
    ])
    func subject(_ subject: String) async throws {
        let read = try await Self.read(Sample.message(subject: subject))
        #expect(read.subject == subject)
    }

    @Test func headers() async throws {
        let message = Sample.message(id: "0a1b")
        let read = try await Self.read(message, senderName: "Relais — CPTS du Sud")
        #expect(
            read.names == [
                "From", "To", "Date", "Message-ID", "Subject", "Disposition-Notification-To", "Auto-Submitted", "Importance", "MIME-Version",
                "Content-Type", "Content-Transfer-Encoding",
            ]
        )
        #expect(read.from == "Relais — CPTS du Sud|notifications@relais.test")
        #expect(read.messageID == "<0a1b.mssante@relais.test>")
        #expect(read.date == 1_795_365_042)
        #expect(read.longestLine <= 76)
        #expect(try await Self.read(message, senderName: "Relais").from == "Relais|notifications@relais.test")
        #expect(try await Self.read(message, senderName: "\"x\" <e@f.g>,\r\nBcc: x@y.z").names == read.names)
    }

    @Test(arguments: [
        "", "a", "\n", "a\n\nb", "a\r\nb\rc\nd", " \t \n", ".\n..\n", "=3D", "x= ", String(repeating: "é", count: 500), "tab\tend\t\nFrom x",
    ])
    func text(_ text: String) async throws {
        let lines = text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
        let read = try await Self.read(Sample.message(text: text))
        #expect(read.text == (lines.hasSuffix("\n") ? lines : lines + "\n"))
        #expect(read.longestLine <= 76)
    }

    @Test func everyPart() async throws {
        var message = Sample.message()
        message.html = "<p>Bonjour é</p>"
        message.attachment = .init(name: "lettre é \"x\".pdf", mediaType: "application/pdf", bytes: Array(0...255) + Array(0...255))
        let read = try await Self.read(message)
        #expect(read.text.hasPrefix("Bonjour,\nsortie"))
        #expect(read.html == "<p>Bonjour é</p>\n")
        #expect(read.file == "lettre é \"x\".pdf|application/pdf|" + Data(Array(0...255) + Array(0...255)).base64EncodedString())
        #expect(read.longestLine <= 78)
    }

    @Test func sameBytesAgain() throws {
        let composer = MailComposer(sender: try Way.sender, senderName: nil, confirmationTo: nil)
        let recipient = try #require(AddrSpec("ide@mssante.test"))
        let message = Sample.message()
        let bytes = try #require(composer.compose(message, to: recipient))
        #expect(composer.compose(message, to: recipient) == bytes)
        #expect(bytes.allSatisfy { $0 < 0x80 })
    }

    @Test func dates() {
        #expect(MailDate.text(Instant(millisecondsSinceEpoch: 0)) == "Thu, 01 Jan 1970 00:00:00 +0000")
        #expect(MailDate.text(Instant(millisecondsSinceEpoch: -1)) == "Wed, 31 Dec 1969 23:59:59 +0000")
        #expect(MailDate.text(Instant(millisecondsSinceEpoch: .max)) == MailDate.text(Instant(millisecondsSinceEpoch: .max)))
        #expect(MailDate.text(Instant(millisecondsSinceEpoch: .min)).hasSuffix("+0000"))
    }

    @Test func dotStuffing() {
        #expect(String(decoding: DotStuffing.encode(Array(".a\r\n..\r\nb.\r\n".utf8)), as: UTF8.self) == "..a\r\n...\r\nb.\r\n.\r\n")
        #expect(DotStuffing.encode([]) == Array(".\r\n".utf8))
    }

    @Test func xtext() {
        #expect(XText.encode("a+b=c d\r\n") == "a+2Bb+3Dc+20d+0D+0A")
        #expect(XText.decode(XText.encode("a+b=c é")) == "a+b=c é")
        #expect(XText.decode("+") == "+" && XText.decode("a+4") == "a+4")
    }

    @Test func base64() {
        var random = SplitMix64(seed: 7)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.encode(bytes) == text && Base64.decode(text) == bytes)
        }
        for text in ["a", "====", "YQ=", "YQ==YQ==", "YR==", "Y Q="] { #expect(Base64.decode(text) == nil) }
    }

    private struct Read: Decodable {
        let names: [String]
        let subject: String
        let from: String
        let messageID: String
        let date: Int
        let text: String
        let html: String?
        let file: String?
        let longestLine: Int
    }

    private static func read(_ message: RenderedMessage, senderName: String? = nil) async throws -> Read {
        let composer = MailComposer(sender: try Way.sender, senderName: senderName, confirmationTo: try Way.sender)
        let recipient = try #require(AddrSpec("ide@mssante.test"))
        let bytes = try #require(composer.compose(message, to: recipient))
        let result = try await run(
            Peer.python,
            arguments: [Peer.path(of: "read_mail.py")],
            input: .array(bytes),
            output: .data(limit: 1 << 20),
            error: .currentStandardError
        )
        return try JSONDecoder().decode(Read.self, from: result.standardOutput)
    }
}
