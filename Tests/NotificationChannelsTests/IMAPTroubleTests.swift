import NotificationChannels
import Testing

/// Mailboxes that hang, lie and break off.
@Suite(.timeLimit(.minutes(30))) struct IMAPTroubleTests {
    @Test(arguments: [("imaphang", "timeout"), ("imaphuge", "protocol"), ("imaphalf", "closed"), ("imapno", "credentials"), ("stranger", "tls")])
    func fails(_ mode: String, _ reason: String) async throws {
        let reader = try await Self.reader(mode)
        await #expect(throws: MailboxReader.Failure(reason: reason)) { try await reader.unread() }
    }

    @Test func mailIsGone() async throws {
        let batch = try await Self.reader("imapgone").unread()
        #expect(batch.mails.isEmpty && batch.validity == 7)
    }

    @Test func cancellationReturns() async throws {
        let peer = try await Peer.smtp.value
        let reader = try await Self.reader("imaphang", limits: TransferLimits(connect: .seconds(60), total: .seconds(60)))
        let reading = Task { try await reader.unread() }
        _ = try await eventually("a connection", { contents("\(peer.folder)/imaphang.log") })
        reading.cancel()
        await #expect(throws: MailboxReader.Failure(reason: "cancelled")) { try await reading.value }
    }

    private static func reader(_ mode: String, limits: TransferLimits = Way.hurried) async throws -> MailboxReader {
        let peer = try await Peer.smtp.value
        // The stand-in's certificate trouble is the same for SMTP and IMAP: TLS from the first byte meets a server that speaks first.
        let server = try MailServer(
            host: "localhost",
            port: peer.port(mode),
            protection: mode == "stranger" ? .implicitTLS : .startTLS,
            tls: TLSMaterial(authorities: peer.certificate("ca.pem")),
            credentials: Credentials(name: "a", password: "b"),
            helloName: "relais.test",
            limits: limits
        )
        return MailboxReader(server: server, logger: Way.quiet)
    }
}
