import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import Web

@Suite struct ServerTests {
    private let logger = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }

    @Test(arguments: ["0.0.0.0", "192.168.1.10", "relais.example.org"])
    func listensOnThisMachineOnly(host: String) async throws {
        let house = try await House(publishes: false)
        #expect(throws: LoopbackOnly.Refusal(host: host)) {
            try WebServer.buildApplication(services: house.services, host: host, port: 0, logger: logger)
        }
    }

    @Test func servesOverASocketAndAnswersToItsOwnNamesOnly() async throws {
        let house = try await House()
        let application = try WebServer.buildApplication(services: house.services, host: "127.0.0.1", port: 0, logger: logger)
        try await application.test(.ahc(.http)) { client in
            try await client.execute(uri: "/healthz", method: .get) { #expect($0.status == .ok) }
            let host = try #require(HTTPFields.Element.Name("Host"))
            try await client.execute(uri: "/healthz", method: .get, headers: [host: "evil.example.org"]) {
                #expect($0.status == .misdirectedRequest)
                #expect(String(buffer: $0.body).contains("foreign-host"))
            }
        }
    }
}
