import Foundation
import Logging
import NotificationChannels
import Testing

/// Mail out through Postfix, reports in through Dovecot.
@Suite(.timeLimit(.minutes(30)), .enabled(if: Peer.mailIsMissing == nil, "\(Peer.mailIsMissing ?? "")"))
struct RealMailTests {
    @Test(arguments: [
        ("busy@mssante.test", DeliveryOutcome.later(reason: "smtp-450-4.2.1", after: nil)),
        ("full@mssante.test", .later(reason: "smtp-452-4.2.2", after: nil)), ("gone@mssante.test", .never(reason: "smtp-550-5.1.1")),
        ("elsewhere@mssante.test", .never(reason: "smtp-551-5.1.6")), ("odd@mssante.test", .never(reason: "smtp-553-5.1.3")),
        ("refused@mssante.test", .never(reason: "smtp-554-5.7.1")), ("ide@city.test", .never(reason: "domain-not-allowed")),
        ("ide@mssante.test.evil.test", .never(reason: "domain-not-allowed")), ("ide@sub.mssante.test", .never(reason: "domain-not-allowed")),
    ])
    func recipients(_ address: String, _ expected: DeliveryOutcome) async throws {
        let reachable = try await Way.mssante.working(in: "")
        let outcome = await reachable.channel.deliver(Sample.message(), to: address)
        #expect(outcome == expected)
        // The connection goes on after a refusal.
        guard case .handedOver = await reachable.channel.deliver(Sample.message(), to: reachable.address) else {
            Issue.record("the next message was lost")
            return
        }
    }

    /// No certificate, one of an authority that the operator does not know; a sender that is barred; a message too big.
    @Test func refusals() async throws {
        let peer = try await Peer.mail.value
        func outcome(
            tls: TLSMaterial,
            sender: String = "notifications@relais.test",
            text: String = "x",
            port: String = "starttls"
        ) async throws -> DeliveryOutcome {
            let server = try MailServer(host: "localhost", port: peer.port(port), protection: .startTLS, tls: tls, helloName: "relais.test")
            let channel = try SecureMailChannel(
                server: server,
                sender: try #require(AddrSpec(sender)),
                allowedDomains: ["mssante.test"],
                logger: Way.quiet
            )
            return await channel.deliver(Sample.message(text: text), to: "ide@mssante.test")
        }
        let ours = Way.client(of: peer)
        let nobody = TLSMaterial(authorities: ours.authorities)
        let stranger = TLSMaterial(
            authorities: ours.authorities,
            certificate: peer.certificate("stranger.pem"),
            key: peer.certificate("stranger.key")
        )
        let withoutCertificate = try await outcome(tls: nobody)
        #expect(Self.isConfiguration(withoutCertificate), "\(withoutCertificate)")
        let withStranger = try await outcome(tls: stranger)
        #expect(Self.isConfiguration(withStranger), "\(withStranger)")
        let barred = try await outcome(tls: ours, sender: "barred@relais.test")
        #expect(Self.isConfiguration(barred), "\(barred)")
        let noTLS = try await outcome(tls: ours, port: "plain")
        #expect(noTLS == .later(reason: "tls", after: nil))
        let tooBig = try await outcome(tls: ours, text: String(repeating: "é", count: 100_000))
        #expect(tooBig == .never(reason: "smtp-552-5.3.4"))
    }

    @Test func passwords() async throws {
        let peer = try await Peer.mail.value
        let logs = LogRecorder()
        func outcome(_ password: String?) async throws -> DeliveryOutcome {
            let server = try MailServer(
                host: "localhost",
                port: peer.port("auth"),
                protection: .startTLS,
                tls: TLSMaterial(authorities: peer.certificate("ca.pem")),
                credentials: password.map { Credentials(name: "notifications@relais.test", password: $0) },
                helloName: "relais.test"
            )
            let channel = OpenMailChannel(server: server, sender: try Way.sender, logger: logs.logger)
            return await channel.deliver(Sample.message(), to: "ide@city.test")
        }
        guard case .handedOver = try await outcome("secret") else {
            Issue.record("not handed over with the right password")
            return
        }
        #expect(logs.lines.isEmpty)
        #expect(try await outcome("wrong-word") == .later(reason: "credentials", after: nil))
        #expect(logs.lines.contains { $0.level == .error } && !logs.lines.contains { $0.text.contains("wrong-word") })
    }

    /// Success and failure come back to the mailbox, name the message, and stay unread until their fact is stored.
    @Test func reportsComeBack() async throws {
        let peer = try await Peer.mail.value
        let sender = try #require(AddrSpec("suivi@relais.test"))
        let server = try MailServer(
            host: "localhost",
            port: peer.port("starttls"),
            protection: .startTLS,
            tls: Way.client(of: peer),
            helloName: "relais.test"
        )
        let channel = try SecureMailChannel(server: server, sender: sender, allowedDomains: ["mssante.test"], logger: Way.quiet)
        let delivered = Sample.message()
        let failed = Sample.message()
        for (message, address) in [(delivered, "medecin@mssante.test"), (failed, "nobody.there@mssante.test")] {
            guard case .handedOver = await channel.deliver(message, to: address) else {
                Issue.record("not handed over")
                return
            }
        }
        for protection in [MailServer.Protection.startTLS, .implicitTLS] {
            let reader = try Self.reader(peer, user: "suivi@relais.test", protection: protection)
            let batch = try await eventually("two reports") {
                let batch = try await reader.unread()
                return batch.mails.count == 2 ? batch : nil
            }
            let reports = Set(batch.mails.flatMap(\.reports))
            #expect(
                reports == [
                    // LMTP knows no DSN: Postfix tells that Dovecot took it, and no more.
                    MailReport(
                        kind: .relayed,
                        recipient: "medecin@mssante.test",
                        status: "2.0.0",
                        envelopeID: delivered.id,
                        messageID: delivered.messageID
                    ),
                    MailReport(
                        kind: .failed,
                        recipient: "nobody.there@mssante.test",
                        status: "5.1.1",
                        envelopeID: failed.id,
                        messageID: failed.messageID
                    ),
                ]
            )
            #expect(!batch.hasMore)
            #expect(try await reader.unread(limit: 1).hasMore)
            await #expect(throws: MailboxReader.Failure(reason: "validity-changed")) {
                try await reader.markSeen(batch.mails.map(\.uid), validity: batch.validity &+ 1)
            }
            #expect(try await reader.unread().mails.count == 2, "reading leaves them unread")
        }
        let reader = try Self.reader(peer, user: "suivi@relais.test", protection: .startTLS)
        let batch = try await reader.unread()
        try await reader.markSeen([try #require(batch.mails.first).uid], validity: batch.validity)
        #expect(try await reader.unread().mails == Array(batch.mails.dropFirst()))
        try await reader.markSeen(batch.mails.map(\.uid), validity: batch.validity)
        #expect(try await reader.unread().mails.isEmpty)
    }

    /// A server without DSN is not asked for it, and a failure comes back all the same, matched by the returned Message-ID.
    @Test func serverWithoutNotifications() async throws {
        let peer = try await Peer.mail.value
        let server = try MailServer(
            host: "localhost",
            port: peer.port("nodsn"),
            protection: .startTLS,
            tls: Way.client(of: peer),
            helloName: "relais.test"
        )
        let channel = OpenMailChannel(server: server, sender: try #require(AddrSpec("tri@relais.test")), logger: Way.quiet)
        let message = Sample.message()
        guard case .handedOver = await channel.deliver(message, to: "nobody@city.test") else {
            Issue.record("not handed over")
            return
        }
        let reader = try Self.reader(peer, user: "tri@relais.test", protection: .startTLS)
        let mails = try await eventually("the report") {
            let mails = try await reader.unread().mails
            return mails.isEmpty ? nil : mails
        }
        let report = try #require(mails.first?.reports.first)
        #expect(report.kind == .failed && report.envelopeID == nil && report.messageID == message.messageID)
    }

    @Test func mailboxTrouble() async throws {
        let peer = try await Peer.mail.value
        let wrong = try Self.reader(peer, user: "suivi@relais.test", password: "wrong", protection: .startTLS)
        await #expect(throws: MailboxReader.Failure(reason: "credentials")) { try await wrong.unread() }
        let missing = try Self.reader(peer, user: "suivi@relais.test", protection: .startTLS, mailbox: "No \"such\" box\\")
        await #expect(throws: MailboxReader.Failure(reason: "protocol")) { try await missing.unread() }
        #expect(IMAPMailbox("a\r\nb") == nil && IMAPMailbox("") == nil && IMAPMailbox("é") == nil)
    }

    private static func isConfiguration(_ outcome: DeliveryOutcome) -> Bool {
        guard case .later(let reason, _) = outcome else { return false }
        return reason == "tls" || reason.hasPrefix("configuration-")
    }

    private static func reader(
        _ peer: Peer,
        user: String,
        password: String = "secret",
        protection: MailServer.Protection,
        mailbox: String = "INBOX"
    ) throws -> MailboxReader {
        let server = try MailServer(
            host: "localhost",
            port: peer.port(protection == .startTLS ? "imap" : "imaps"),
            protection: protection,
            tls: TLSMaterial(authorities: peer.certificate("ca.pem")),
            credentials: Credentials(name: user, password: password),
            helloName: "relais.test"
        )
        return MailboxReader(server: server, mailbox: try #require(IMAPMailbox(mailbox)), logger: Way.quiet)
    }
}
