import Crypto
import Foundation
import NotificationChannels
import Testing
import Timekeeping

/// Standard Webhooks 1.0.0, and how HTTP peers answer.
@Suite(.timeLimit(.minutes(30))) struct WebhookTests {
    /// The vector that the standard's own libraries test with.
    @Test func signature() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let signature = secret.signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: body)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    /// The receiver's side: any of several, ours, over exactly this.
    @Test func verification() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let (id, timestamp, right) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", Int64(1_614_265_330), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        for signatures in [right, "v1a,x v1,AAAA \(right)", "\(right) v2,y"] {
            #expect(secret.verifies(signatures, id: id, timestamp: timestamp, body: body))
        }
        for signatures in [
            "", "v1,", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", "v1a" + right.dropFirst(2), String(right.dropLast()), "v1,\u{0}",
        ] {
            #expect(!secret.verifies(signatures, id: id, timestamp: timestamp, body: body), "\(signatures)")
        }
        #expect(!secret.verifies(right, id: "msg_other", timestamp: timestamp, body: body))
        #expect(!secret.verifies(right, id: id, timestamp: timestamp + 1, body: body))
        #expect(!secret.verifies(right, id: id, timestamp: timestamp, body: body + [0x20]))
        let other = try #require(WebhookSecret("whsec_" + Data(repeating: 1, count: 32).base64EncodedString()))
        #expect(!other.verifies(right, id: id, timestamp: timestamp, body: body))
    }

    @Test(arguments: [
        "", "whsec_", "whsec_MfKQ", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa$w",
    ])
    func noSecret(_ text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    /// What arrives verifies with the old and with the new secret, and holds keys only.
    @Test func arrivesSigned() async throws {
        let peer = try await Peer.http.value
        let token = Sample.id()
        let url = try "https://127.0.0.1:\(peer.port("tls"))/accepted/\(token)"
        let texts = ["whsec_" + Data(repeating: 1, count: 32).base64EncodedString(), Way.endpointSecret]
        let channel = WebhookChannel(
            time: .fixed(Instant(millisecondsSinceEpoch: 1_795_365_042_999)),
            tls: TLSMaterial(authorities: peer.certificate("ca.pem")),
            logger: Way.quiet
        ) { _ in texts.compactMap { WebhookSecret($0) } }
        let message = Sample.message()
        #expect(await channel.deliver(message, to: url) == .handedOver(receipt: nil))
        let line = try await eventually("the request", { contents("\(peer.folder)/\(token).jsonl") })
        let record = try JSONDecoder().decode(Record.self, from: Data(line.utf8))
        #expect(record.headers["webhook-id"] == message.id)
        #expect(record.headers["webhook-timestamp"] == "1795365042")
        let signatures = try #require(record.headers["webhook-signature"]).split(separator: " ")
        #expect(signatures.count == 2)
        for (text, signature) in zip(texts, signatures) {
            let key = try #require(Data(base64Encoded: String(text.dropFirst(6))))
            let code = try #require(Data(base64Encoded: String(signature.dropFirst(3))))
            let signed = Data("\(message.id).1795365042.\(record.body)".utf8)
            #expect(signature.hasPrefix("v1,"))
            #expect(HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: SymmetricKey(data: key)))
        }
        let body = try JSONDecoder().decode(Body.self, from: Data(record.body.utf8))
        #expect(body.data.keys == message.keys && body.data.message == message.id && body.timestamp == "2026-11-22T16:30:42Z")
        #expect(!record.body.contains("DURAND") && !record.body.contains("sortie"))
    }

    @Test func unknownEndpointIsNotCalled() async throws {
        let reachable = try await Way.webhook.working(in: "")
        let message = Sample.message()
        #expect(await reachable.channel.deliver(message, to: reachable.address + "x") == .never(reason: "endpoint-unknown"))
        #expect(await reachable.channel.deliver(message, to: "http://metadata.test/") == .never(reason: "address-invalid"))
        #expect(try reachable.arrivals(message).isEmpty)
    }

    @Test func gatewayGetsItsFields() async throws {
        let reachable = try await Way.sms.working(in: "")
        let message = Sample.message(text: "Vous avez 2 nouvelles demandes « Relais » \"\\\u{1}\t😀")
        #expect(await reachable.channel.deliver(message, to: reachable.address) == .handedOver(receipt: "gateway-7"))
        let line = try await eventually("the request", { try reachable.arrivals(message).first })
        let record = try JSONDecoder().decode(Record.self, from: Data(line.utf8))
        #expect(record.headers["authorization"] == "Bearer t0ken" && record.headers["idempotency-key"] == message.id)
        let body = try JSONDecoder().decode([String: String].self, from: Data(record.body.utf8))
        #expect(body == ["destinataire": "+33612345678", "text": message.text, "reference": message.id, "emetteur": "Relais"])
    }

    @Test(
        arguments: [
            ("status-410", DeliveryOutcome.never(reason: "http-410")), ("status-404", .never(reason: "http-404")),
            ("status-500", .later(reason: "http-500", after: nil)), ("status-429-after-7", .later(reason: "http-429", after: .seconds(7))),
            ("status-503-after-120", .later(reason: "http-503", after: .seconds(120))), ("status-408", .later(reason: "http-408", after: nil)),
            ("status-401", .never(reason: "http-401")), ("redirect", .later(reason: "http-307", after: nil)),
            ("close", .later(reason: "closed", after: nil)), ("halfbody", .later(reason: "closed", after: nil)),
            ("garbage", .later(reason: "protocol", after: nil)), ("big", .handedOver(receipt: nil)), ("patient", .handedOver(receipt: nil)),
        ],
        ["plain", "tls"]
    )
    func answers(_ row: (mode: String, outcome: DeliveryOutcome), _ port: String) async throws {
        let reachable = try Way.webhook.http(try await Peer.http.value, port: port, mode: row.mode)
        let message = Sample.message()
        let outcome = await reachable.channel.deliver(message, to: reachable.address)
        #expect(outcome == row.outcome)
        #expect(try reachable.arrivals(message).count == 1, "sent once, and no redirect followed")
    }

    /// The proxies that the environment names are not asked.
    @Test(arguments: [Way.webhook, .sms]) func environmentNamesNoProxy(_ way: Way) async throws {
        for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] { setenv(name, "http://127.0.0.1:1", 1) }
        let reachable = try await way.working(in: "")
        guard case .handedOver = await reachable.channel.deliver(Sample.message(), to: reachable.address) else {
            Issue.record("a proxy was asked")
            return
        }
    }

    /// 100 hanging calls to one endpoint do not hold up another one.
    @Test func deadEndpointDelaysOnlyItself() async throws {
        let peer = try await Peer.http.value
        let dead = Sample.id()
        let token = Sample.id()
        let channel = WebhookChannel(
            time: .system,
            tls: TLSMaterial(authorities: peer.certificate("ca.pem")),
            // Longer than the test may take: only a cancellation ends a hanging call.
            limits: TransferLimits(connect: .seconds(900), total: .seconds(900)),
            logger: Way.quiet
        ) { _ in [WebhookSecret(Way.endpointSecret)].compactMap(\.self) }
        // The same server under two names: for us, two destinations.
        let hanging = try "https://localhost:\(peer.port("tls"))/hang/\(dead)"
        let good = try "https://127.0.0.1:\(peer.port("tls"))/ok/\(token)"
        let stuck = Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 { group.addTask { _ = await channel.deliver(Sample.message(), to: hanging) } }
            }
        }
        _ = try await eventually("hanging requests", { contents("\(peer.folder)/\(dead).jsonl") })
        for _ in 0..<20 { #expect(await channel.deliver(Sample.message(), to: good) == .handedOver(receipt: nil)) }
        stuck.cancel()
        await stuck.value
    }

    private struct Record: Decodable {
        let headers: [String: String]
        let body: String
    }

    private struct Body: Decodable {
        struct Content: Decodable {
            let message: String
            let keys: [String]
        }
        let timestamp: String
        let data: Content
    }
}
