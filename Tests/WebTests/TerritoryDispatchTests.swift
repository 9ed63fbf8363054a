import EventStore
import Hummingbird
import HummingbirdTesting
import Intake
import Logging
import Synchronization
import Testing

@testable import Web

@Suite struct TerritoryDispatchTests {
    private func get(_ uris: [String], from sites: [TerritorySite]) async throws -> [Answer] {
        let dispatch = try WebServer.buildDispatch(sites: sites, time: sites[0].services.time) { _ in
            .noAnswer(.oversized(limit: 1))
        }
        let application = Application(responder: dispatch, logger: Logger(label: "web") { _ in SwiftLogNoOpLogHandler() })
        let answers = Mutex<[Answer]>([])
        try await application.test(.router) { client in
            for uri in uris {
                let answer = try await client.execute(uri: uri, method: .get, headers: [:]) { Answer($0) }
                answers.withLock { $0.append(answer) }
            }
        }
        return answers.withLock { $0 }
    }

    @Test func thePathLeadsToItsTerritory() async throws {
        let (north, south) = (try await House(), try await House())
        let pathway = try await south.discharged()
        let sites = [
            TerritorySite(id: "nord", name: "Le nord", services: north.services), TerritorySite(id: "sud", name: "Le sud", services: south.services),
        ]
        let answers = try await get(
            ["/t/sud/api/v1/pathways/\(pathway.hex)", "/t/nord/api/v1/pathways/\(pathway.hex)", "/t/ouest/api/v1/log/head", "/t/", "/t/sud"],
            from: sites
        )
        #expect(answers.map(\.status) == [200, 404, 404, 404, 200])
        // The same id in the other territory names nothing.
        #expect(try answers[0].string("pathway") == pathway.hex)
    }

    @Test func sharedRoutesSpeakForAll() async throws {
        let (north, south) = (try await House(), try await House())
        let sites = [
            TerritorySite(id: "nord", name: "Le nord", services: north.services), TerritorySite(id: "sud", name: "Le sud", services: south.services),
        ]
        let answers = try await get(["/", "/readyz", "/metrics", "/api/v1/log/head"], from: sites)
        #expect(answers.map(\.status) == [200, 200, 200, 404])
        #expect(answers[0].text.contains("http://sud.localhost"))
        #expect(try answers[1].list("checks").contains { ($0["name"] as? String)?.hasPrefix("nord/view:") == true })
        #expect(answers[2].text.contains("relais_log_position{territory=\"nord\"}"))
        #expect(answers[2].text.contains("relais_log_position{territory=\"sud\"}"))
    }
}
