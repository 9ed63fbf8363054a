import EventStore
import Foundation
import Hummingbird
import Logging
import Testing
import Timekeeping

@testable import Web

/// Who may ask for what by another way than HTTP, and that they are answered as by HTTP.
@Suite struct PartnerGateTests {
    /// Signed is what has these signatures, over any value but one.
    private static let right = "v1,right"

    private func gate(_ house: House, actors: [String] = [TestTerritory.cardiology], facilities: [String] = ["CHLVO"]) throws -> PartnerGate {
        var signing = PartnerPolicy.Partner(id: "signing")
        signing.actors = actors
        signing.facilities = facilities
        var trusted = PartnerPolicy.Partner(id: "trusted")
        trusted.actors = actors
        let rights = [
            PartnerRights(signing) { signature, value in signature.signatures == Self.right && value != Array("{}".utf8) },
            PartnerRights(trusted, verify: nil),
        ]
        // A handler that keeps what it is told of a request, and says nothing.
        var logger = Logger(label: "partners") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return try PartnerGate(rights, services: house.services, logger: logger)
    }

    private func record(
        _ house: House,
        _ value: String?,
        key: String? = "k-1",
        type: String? = "application/json",
        partner: String? = "signing",
        signatures: String? = Self.right,
        id: String? = nil,
        age: Int64 = 0
    ) -> PartnerRecord {
        let seconds = house.clock.now.millisecondsSinceEpoch / 1_000 - age
        return PartnerRecord(
            partner: partner,
            key: key.map { Array($0.utf8) },
            contentType: type,
            signature: signatures.map { .init(id: id ?? key ?? "none", timestamp: seconds, signatures: $0) },
            value: value.map { Array($0.utf8) },
            place: "intake-0-7"
        )
    }

    private func command(_ path: String, _ body: String, by actor: String = TestTerritory.cardiology) -> String {
        "{\"path\":\"/api/v1/\(path)\",\"actor\":\"urn:rpps:\(actor)\",\"body\":\(body)}"
    }

    private func code(_ answer: PartnerAnswer) throws -> String? {
        (try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])?["code"] as? String
    }

    @Test func `a command has the effect and the answer that it has by HTTP, once`() async throws {
        let house = try await House()
        let gate = try gate(house)
        let record = record(house, command("pathways", House.admission), key: "admit")
        let answer = await gate.answer(record)
        #expect(answer.status == 201 && answer.partner == "signing" && !answer.isUnavailable, "\(String(decoding: answer.body, as: UTF8.self))")
        #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true && answer.headers["location"] != nil)
        let head = try house.log.head().position
        #expect(await gate.answer(record) == answer)
        #expect(try house.log.head().position == head)
        // By HTTP it is the same request once its spaces are left out.
        let body = String(decoding: try PartnerCommand(record.value ?? []).body, as: UTF8.self)
        let byHTTP = try await house.write("pathways", body, key: "admit")
        #expect(byHTTP.status == 201 && byHTTP.bytes == answer.body)
        #expect(try house.log.head().position == head)
    }

    @Test func `a message has the acknowledgement that it has by HTTP, once`() async throws {
        let house = try await House()
        let gate = try gate(house)
        let message = PartnerGateTests.message(control: "M1")
        let record = record(house, message, type: "application/hl7-v2; charset=utf-8")
        let answer = await gate.answer(record)
        #expect(answer.status == 200 && !answer.isUnavailable && answer.headers["relais-position"] != nil)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("\rMSA|AA|M1"))
        let byHTTP = try await house.send(.post, "/api/v1/hl7", body: message, headers: ["content-type": "application/hl7-v2"])
        #expect(byHTTP.bytes == answer.body)
        #expect(await gate.answer(record).body == answer.body)
        let other = await gate.answer(self.record(house, message.replacing("|CHLVO|RELAIS", with: "|CHAUTRE|RELAIS"), type: "application/hl7-v2"))
        #expect(try other.status == 403 && code(other) == "not-in-policy")
        let none = await gate.answer(self.record(house, message, type: "application/hl7-v2", partner: "trusted"))
        #expect(try none.status == 403 && code(none) == "not-in-policy")
    }

    @Test func `who it is must be certain`() async throws {
        let house = try await House()
        let gate = try gate(house)
        let value = command("pathways", House.admission)
        let head = try house.log.head().position
        let wrong = [
            record(house, value, partner: nil), record(house, value, partner: "stranger"), record(house, value, signatures: nil),
            record(house, value, signatures: "v1,wrong"), record(house, value, id: "other"), record(house, value, age: 9 * 86_400),
            record(house, value, age: -3_600), record(house, value, age: .min / 2), record(house, "{}"),
        ]
        for record in wrong {
            let answer = await gate.answer(record)
            #expect(answer.status == 401 && answer.partner == nil && answer.headers["content-type"] == "application/problem+json", "\(record)")
            #expect(await gate.answer(record) == answer, "the same record gets the same answer")
        }
        #expect(try house.log.head().position == head)
        #expect(await gate.answer(record(house, value, partner: "trusted", signatures: nil)).status == 201, "by rights on the topic alone")
    }

    @Test func `nobody acts for others`() async throws {
        let house = try await House()
        let gate = try gate(house)
        let head = try house.log.head().position
        let answer = await gate.answer(record(house, command("pathways", House.admission, by: TestTerritory.referent)))
        #expect(try answer.status == 403 && code(answer) == "not-in-policy" && answer.partner == "signing")
        let erasure = await gate.answer(record(house, command("erasures", "{}")))
        #expect(try erasure.status == 403 && code(erasure) == "operation-not-allowed")
        #expect(try house.log.head().position == head)
    }

    @Test(
        arguments: [
            (nil, "application/json", 400), ("", "application/json", 400), ("{", "application/json", 400), ("[]", "application/json", 400),
            (#"{"path":1,"actor":"99999001284"}"#, "application/json", 400), (#"{"path":"/api/v1/pathways"}"#, "application/json", 400),
            (#"{"path":"/api/v1/pathways","actor":"x"}"#, "application/json", 400),
            (#"{"path":"/","actor":"99999001284","body":1}"#, "application/json", 400),
            ("MSH", "application/hl7-v2", 400), ("\u{0}", "application/hl7-v2", 400), ("x", "text/plain", 415), ("x", nil, 415), ("x", "", 415),
            (String(repeating: "[", count: 50_000), "application/json", 400), (String(repeating: " ", count: 80_000), "application/json", 413),
        ] as [(String?, String?, Int)]
    )
    func `whatever the bytes, there is an answer`(value: String?, type: String?, status: Int) async throws {
        let house = try await House()
        let answer = try await gate(house).answer(record(house, value, type: type))
        #expect(answer.status == status && answer.headers["content-type"] == "application/problem+json", "\(answer)")
        #expect(String(decoding: answer.body, as: UTF8.self).contains("intake-0-7"), "the answer names the record")
    }

    @Test(arguments: [nil, "", "with space", "é", String(repeating: "k", count: 201)])
    func `a key that HTTP would refuse is refused`(key: String?) async throws {
        let house = try await House()
        let answer = try await gate(house).answer(record(house, command("pathways", House.admission), key: key, partner: "trusted", signatures: nil))
        #expect(try answer.status == 400 && code(answer) == "idempotency-key-missing")
    }

    @Test func `where the answer cannot go nothing is done`() async throws {
        let house = try await House()
        var asked = record(house, command("pathways", House.admission))
        asked.canBeAnswered = false
        let answer = try await gate(house).answer(asked)
        #expect(try answer.status == 400 && code(answer) == "reply-to")
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `random bytes are answered and leave nothing`(seed: UInt64) async throws {
        let house = try await House()
        let gate = try gate(house)
        let head = try house.log.head().position
        var state = seed
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for _ in 0..<300 {
            let value = (0..<random(400)).map { _ in UInt8(random(256)) }
            let record = PartnerRecord(
                partner: "trusted",
                key: random(2) == 0 ? nil : (0..<random(30)).map { _ in UInt8(random(256)) },
                contentType: ["application/json", "application/hl7-v2", "", nil][random(4)],
                signature: nil,
                value: value,
                place: "intake-1-2"
            )
            #expect(await gate.answer(record).status >= 400, "seed \(seed): \(value)")
        }
        #expect(try house.log.head().position == head, "seed \(seed)")
    }

    private static func message(control: String) -> String {
        [
            #"MSH|^~\&|SIMHOSP|CHLVO|RELAIS|CPTS|20261122083000||ADT^A01^ADT_A01|\#(control)|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR||2.11^IHE_FRANCE-2.11-PAM"#,
            "EVN||20261122083000||||20261122082500",
            "PID|1||P9^^^CHLVO^PI||BRUNET^PAUL^^^^^L||19500101|M|||1 rue du Port^^Challans^^85300^FRA^H|||||||V9^^^CHLVO^AN||||||||||||||PROV",
            "PV1|1|I|CARD^^^CHLVO||||||||||||||||V9^^^CHLVO^VN",
            "ZBE|Z9^CHLVO|20261122080000||INSERT|N||Cardiologie^^^^^CHLVO^UF^^^CARD||HMS",
        ].joined(separator: "\r")
    }
}
