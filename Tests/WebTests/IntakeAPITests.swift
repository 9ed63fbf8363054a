import EventStore
import Foundation
import Hummingbird
import Projections
import Testing

@testable import Web

@Suite struct IntakeAPITests {
    private static let admission = [
        #"MSH|^~\&|SIMHOSP|CHLVO|RELAIS|CPTS|20261122083000||ADT^A01^ADT_A01|M1|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR||2.11^IHE_FRANCE-2.11-PAM"#,
        "EVN||20261122083000||||20261122082500",
        "PID|1||P9^^^CHLVO^PI||BRUNET^PAUL^^^^^L||19500101|M|||1 rue du Port^^Challans^^85300^FRA^H|||||||V9^^^CHLVO^AN||||||||||||||PROV",
        "PV1|1|I|CARD^^^CHLVO||||||||||||||||V9^^^CHLVO^VN",
        "ZBE|Z9^CHLVO|20261122080000||INSERT|N||Cardiologie^^^^^CHLVO^UF^^^CARD||HMS",
    ].joined(separator: "\r")

    private func send(_ message: String, to house: House) async throws -> Answer {
        try await house.send(.post, "/api/v1/hl7", body: message, headers: ["content-type": "application/hl7-v2+er7"])
    }

    @Test func answersTheAcknowledgement() async throws {
        let house = try await House()
        let before = try house.log.head().position
        let answer = try await send(Self.admission, to: house)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/hl7-v2+er7")
        #expect(answer.text.contains("\rMSA|AA|M1"), "\(answer.text)")
        #expect(try house.log.head().position > before)
        let again = try await send(Self.admission, to: house)
        #expect(again.bytes == answer.bytes)
        try house.runner.catchUp()
        let senders = try await house.get("/api/v1/feed").list("senders")
        #expect(senders.first?["accepted"] as? Int == 1)
        #expect(
            try await house.get("/metrics").text.contains(
                #"relais_feed_messages_total{territory="essai",application="SIMHOSP",facility="CHLVO",outcome="accepted"} 1"#
            )
        )
    }

    @Test func aRefusalIsAnAnswerToo() async throws {
        let answer = try await send(
            Self.admission.replacing("PV1|1|I|CARD^^^CHLVO||||||||||||||||V9^^^CHLVO^VN", with: "PV1|1|I"),
            to: try await House()
        )
        #expect(answer.status == 200)
        #expect(answer.text.contains("\rMSA|AE|M1"))
    }

    @Test(arguments: ["", "hello", "MSH", "MSH|aaaa|"])
    func whatHasNoHeaderGetsAProblem(message: String) async throws {
        try await send(message, to: try await House()).expectProblem(400, "unreadable-message")
    }
}
