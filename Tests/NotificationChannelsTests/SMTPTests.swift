import Foundation
import Logging
import NotificationChannels
import Testing

/// SMTP against a stand-in that behaves badly.
@Suite(.timeLimit(.minutes(30))) struct SMTPTests {
    @Test(
        arguments: [
            ("ok", DeliveryOutcome.handedOver(receipt: "2.0.0 taken as 42")), ("busy", .later(reason: "smtp-421-4.3.2", after: nil)),
            ("unwilling", .later(reason: "configuration-smtp-554-5.3.2", after: nil)), ("garbage", .later(reason: "closed", after: nil)),
            ("nostarttls", .later(reason: "tls", after: nil)), ("failing", .later(reason: "smtp-451-4.3.0", after: nil)),
            ("halfmail", .later(reason: "closed", after: nil)), ("halfdata", .later(reason: "closed", after: nil)),
            ("toobig", .never(reason: "smtp-552-5.3.4")),
        ],
        [Way.mssante, .email]
    )
    func answers(_ row: (mode: String, outcome: DeliveryOutcome), _ way: Way) async throws {
        let reachable = try way.mail(try await Peer.smtp.value, mode: row.mode)
        let outcome = await reachable.channel.deliver(Sample.message(), to: reachable.address)
        #expect(outcome == row.outcome)
    }

    @Test(arguments: ["hangmail", "hangdata"]) func limitsTheTime(_ mode: String) async throws {
        let reachable = try Way.mssante.mail(try await Peer.smtp.value, mode: mode, limits: Way.hurried)
        let outcome = await reachable.channel.deliver(Sample.message(), to: reachable.address)
        #expect(outcome == .later(reason: "timeout", after: nil))
    }

    /// A kept connection that the server closed, silently or with a 421, costs no message.
    @Test(arguments: ["onlyone", "idleclose"]) func connectionDiesWhileIdle(_ mode: String) async throws {
        let reachable = try Way.mssante.mail(try await Peer.smtp.value, mode: mode)
        for _ in 0..<4 {
            let outcome = await reachable.channel.deliver(Sample.message(), to: reachable.address)
            #expect(outcome == .handedOver(receipt: "2.0.0 taken as 42"))
        }
    }

    /// What may have been taken is not sent again by the channel itself, not even when a kept connection dies.
    @Test func noRepeatBehindTheContent() async throws {
        let peer = try await Peer.smtp.value
        let reachable = try Way.email.mail(peer, mode: "secondhalf")
        var outcomes: [DeliveryOutcome] = []
        for _ in 0..<2 { outcomes.append(await reachable.channel.deliver(Sample.message(), to: reachable.address)) }
        #expect(outcomes == [.handedOver(receipt: "2.0.0 taken as 42"), .later(reason: "closed", after: nil)])
        #expect((contents("\(peer.folder)/secondhalf.log") ?? "").split(separator: "\n") == ["connected", "mail", "mail"])
    }

    @Test func filesThatCannotBeRead() async throws {
        let peer = try await Peer.smtp.value
        let logs = LogRecorder()
        let server = try MailServer(
            host: "localhost",
            port: peer.port("ok"),
            protection: .startTLS,
            tls: TLSMaterial(authorities: peer.certificate("ca.pem"), certificate: "/nowhere.pem", key: "/nowhere.key"),
            helloName: "relais.test"
        )
        let channel = try SecureMailChannel(server: server, sender: try Way.sender, allowedDomains: ["mssante.test"], logger: logs.logger)
        let outcome = await channel.deliver(Sample.message(), to: "ide@mssante.test")
        #expect(outcome == .later(reason: "tls-files", after: nil))
        #expect(logs.lines.contains { $0.level == .error })
    }
}
