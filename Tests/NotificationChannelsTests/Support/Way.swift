import Foundation
import Logging
import NotificationChannels
import Testing
import Timekeeping

/// A channel as the contract suite tries it: against the real peer, and against one that fails in a given way.
enum Way: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case mssante
    case mssanteImplicitTLS
    case email
    case sms
    case webhook
    case sandbox

    var testDescription: String { rawValue }

    /// All whose peers can be started here.
    static var all: [Way] { allCases.filter { Peer.mailIsMissing == nil || !$0.isMail } }
    static var networked: [Way] { allCases.filter { $0 != .sandbox && $0 != .mssanteImplicitTLS } }

    var isMail: Bool { self == .mssante || self == .mssanteImplicitTLS || self == .email }

    /// How a peer can fail, and the reason that every channel must give for it.
    enum Trouble: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case refuses, hangs, slow, half, wrongName, stranger

        var testDescription: String { rawValue }

        var reason: String {
            switch self {
            case .refuses: "unreachable"
            case .hangs, .slow: "timeout"
            case .half: "closed"
            case .wrongName, .stranger: "tls"
            }
        }
    }

    static let endpointSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let patient = TransferLimits(connect: .seconds(10), total: .seconds(30))
    static let hurried = TransferLimits(connect: .milliseconds(700), total: .milliseconds(1_200))
}

/// A channel with an address it can be reached at, and what arrived there.
struct Reachable: Sendable {
    let channel: any NotificationChannel
    let address: String
    /// Everything that arrived of one message, one text for each arrival.
    let arrivals: @Sendable (RenderedMessage) throws -> [String]
}

extension Way {
    /// At the peer that works. `folder` is for what needs one.
    func working(in folder: String, logger: Logger = quiet) async throws -> Reachable {
        switch self {
        case .mssante, .mssanteImplicitTLS:
            let peer = try await Peer.mail.value
            let server = try MailServer(
                host: "localhost",
                port: peer.port(self == .mssante ? "starttls" : "implicit"),
                protection: self == .mssante ? .startTLS : .implicitTLS,
                tls: Self.client(of: peer),
                helloName: "relais.test"
            )
            let channel = try SecureMailChannel(
                server: server,
                sender: try Self.sender,
                senderName: "Relais — CPTS",
                allowedDomains: ["MSSante.test"],
                logger: logger
            )
            return Reachable(channel: channel, address: "ide@mssante.test") { try Self.mails(to: "ide@mssante.test", of: $0, at: peer) }
        case .email:
            let peer = try await Peer.mail.value
            let server = try MailServer(host: "127.0.0.1", port: peer.port("plain"), protection: .none, helloName: "relais.test")
            let channel = OpenMailChannel(server: server, sender: try Self.sender, logger: logger)
            return Reachable(channel: channel, address: "ide@city.test") { try Self.mails(to: "ide@city.test", of: $0, at: peer) }
        case .sms, .webhook:
            let peer = try await Peer.http.value
            return try http(peer, port: "tls", mode: "ok", limits: Self.patient, logger: logger)
        case .sandbox:
            return Reachable(channel: SandboxChannel(folder: folder), address: "ide@mssante.test") { message in
                contents("\(folder)/\(message.id).txt").map { [$0] } ?? []
            }
        }
    }

    /// At a peer that fails.
    func failing(_ trouble: Trouble, limits: TransferLimits = hurried, logger: Logger = quiet) async throws -> Reachable {
        if isMail {
            let peer = try await Peer.smtp.value
            let mode =
                switch trouble {
                case .refuses: "ok"
                case .hangs: "hang"
                case .slow: "slow"
                case .half: "halfmail"
                case .wrongName: "wrongname"
                case .stranger: "stranger"
                }
            return try mail(peer, mode: mode, port: trouble == .refuses ? Self.closedPort() : nil, limits: limits, logger: logger)
        }
        let peer = try await Peer.http.value
        let (port, mode) =
            switch trouble {
            case .refuses: ("", "ok")
            case .hangs: ("tls", "hang")
            case .slow: ("tls", "slow")
            case .half: ("tls", "half")
            case .wrongName: ("wrongname", "ok")
            case .stranger: ("stranger", "ok")
            }
        return try http(peer, port: port, mode: mode, limits: limits, logger: logger)
    }

    /// At the SMTP stand-in.
    func mail(_ peer: Peer, mode: String, port: Int? = nil, limits: TransferLimits = patient, logger: Logger = quiet) throws -> Reachable {
        let server = try MailServer(
            host: "localhost",
            port: port ?? peer.port(mode),
            protection: .startTLS,
            tls: Self.client(of: peer),
            helloName: "relais.test",
            limits: limits
        )
        let nothing: @Sendable (RenderedMessage) -> [String] = { _ in [] }
        if self == .email {
            return Reachable(
                channel: OpenMailChannel(server: server, sender: try Self.sender, logger: logger),
                address: "ide@city.test",
                arrivals: nothing
            )
        }
        let channel = try SecureMailChannel(server: server, sender: try Self.sender, allowedDomains: ["mssante.test"], logger: logger)
        return Reachable(channel: channel, address: "ide@mssante.test", arrivals: nothing)
    }

    /// At the HTTP stand-in.
    func http(_ peer: Peer, port: String, mode: String, limits: TransferLimits = patient, logger: Logger = quiet) throws -> Reachable {
        let token = Sample.id()
        let number = port.isEmpty ? Self.closedPort() : try peer.port(port)
        let url = "\(port == "plain" ? "http" : "https")://localhost:\(number)/\(mode)/\(token)"
        let arrivals: @Sendable (RenderedMessage) throws -> [String] = { message in
            (contents("\(peer.folder)/\(token).jsonl") ?? "").split(separator: "\n").map { String($0) }.filter { $0.contains(message.id) }
        }
        let tls = TLSMaterial(authorities: peer.certificate("ca.pem"))
        if self == .sms {
            let channel = try SMSGatewayChannel(
                gateway: try #require(WebAddress(url)),
                token: "t0ken",
                fields: .init(to: "destinataire", fixed: ["emetteur": "Relais"]),
                tls: tls,
                limits: limits,
                logger: logger
            )
            return Reachable(channel: channel, address: "06 12 34 56 78", arrivals: arrivals)
        }
        let time = TimeSource.fixed(Instant(millisecondsSinceEpoch: 1_614_265_330_000))
        let channel = WebhookChannel(time: time, tls: tls, limits: limits, logger: logger) { address in
            address.text == url ? [WebhookSecret(Self.endpointSecret)].compactMap(\.self) : []
        }
        return Reachable(channel: channel, address: url, arrivals: arrivals)
    }

    static var sender: AddrSpec { get throws { try #require(AddrSpec("notifications@relais.test")) } }

    static func client(of peer: Peer) -> TLSMaterial {
        TLSMaterial(
            authorities: peer.certificate("ca.pem"),
            certificate: peer.certificate("client.pem"),
            key: peer.certificate("client.key")
        )
    }

    /// What Dovecot keeps of one message in somebody's mailbox, read or not.
    static func mails(to user: String, of message: RenderedMessage, at peer: Peer) throws -> [String] {
        ["new", "cur"].flatMap { part in
            let folder = "\(peer.folder)/mail/\(user)/\(part)"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.compactMap { contents("\(folder)/\($0)") }
        }.filter { $0.contains("Message-ID: \(message.messageID)") }
    }

    /// A port that nobody listens on: bound, never listening, kept so that nobody else takes it.
    static func closedPort() -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(socket, pointer, length)
                getsockname(socket, pointer, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
