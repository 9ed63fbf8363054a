import EventStore
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Pathways
import Synchronization
import Testing
import Timekeeping
import Yams

@testable import Web

@Suite struct SurroundingsTests {
    @Test(arguments: ["/", "/a-faire", "/healthz", "/api/v1/log/head", "/api/v1/nothing", "/rien", "/ressources/relais.css"])
    func everyAnswerCarriesItsHeaders(path: String) async throws {
        let answer = try await House().get(path)
        #expect(answer.headers["content-security-policy"] == SecurityHeaders.contentSecurityPolicy)
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(answer.headers["referrer-policy"] == "no-referrer")
        let mayBeKept = path.hasPrefix("/ressources/")
        #expect(answer.headers["cache-control"] == (mayBeKept ? "public, max-age=31536000, immutable" : "no-store"))
    }

    @Test(arguments: ["/acteur", "/a-faire/x/accepter", "/parcours/x/retour", "/api/v1/hl7", "/api/v1/pathways"])
    func otherSitesCannotWrite(path: String) async throws {
        let house = try await House()
        for headers in [["origin": "https://example.org"], ["sec-fetch-site": "cross-site"]] {
            let answer = try await house.send(.post, path, body: "", headers: headers)
            #expect(answer.status == 403)
            if path.hasPrefix("/api/") { try answer.expectProblem(403, "cross-site-request") }
        }
    }

    @Test func logLinesHoldNothingOfARequest() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let lines = Mutex<[String]>([])
        let logger = Logger(label: "web") { _ in LineHandler { line in lines.withLock { $0.append(line) } } }
        let application = Application(router: try WebServer.buildRouter(services: house.services), logger: logger)
        try await application.test(.router) { client in
            for uri in ["/parcours/\(pathway.hex)?position=3", "/api/v1/pathways?visit=V1", "/api/v1/professionals/\(TestTerritory.gp)/todo"] {
                try await client.execute(uri: uri, method: .get, headers: [.cookie: "relais-acteur=\(TestTerritory.gp)"])
            }
        }
        let requests = lines.withLock { $0 }.filter { $0.contains("route") }
        #expect(requests.count == 3)
        #expect(requests[0].contains("/parcours/{id}"))
        for line in lines.withLock({ $0 }) {
            for word in [pathway.hex, "V1", TestTerritory.gp, "Garnier"] { #expect(!line.contains(word), "\(line)") }
        }
    }

    @Test func theDescriptionAndTheRoutesAreTheSame() async throws {
        let house = try await House(publishes: false, proves: true, notifier: TestNotifier())
        var services = house.services
        // Only that the route is there is asked: nothing is erased here.
        let refusal = EventStoreError(.closed, "nothing can be erased here")
        services.erasures = ErasureServices(
            extent: { _ in throw refusal },
            erase: { _, _, _, _ in throw refusal },
            earlier: { _, _ in throw refusal },
            isErased: { _ in throw refusal },
            finish: { throw refusal },
            patientsOfINS: { _ in throw refusal }
        )
        let router = try WebServer.buildRouter(services: services)
        let pages = ["/", "/acteur", "/a-faire", "/parcours", "/ressources", "/n", "/notifications"]
        // `**` stands for the rest of a path; OpenAPI has no notation for it but a parameter.
        let served = router.routes.filter { route in
            let path = "\(route.path)"
            return !pages.contains { path == $0 || ($0 != "/" && path.hasPrefix($0 + "/")) } && route.method != .head
        }.map { "\($0.method.rawValue) \($0.path)".replacing("**", with: "{path}") }

        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../schemas/openapi.yaml")
        let document = try #require(try Yams.load(yaml: try String(contentsOf: file, encoding: .utf8)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let methods: Set<String> = ["get", "put", "post", "delete", "patch"]
        let described = paths.flatMap { path, item in item.keys.filter(methods.contains).map { "\($0.uppercased()) \(path)" } }
        #expect(Set(served).subtracting(described) == [], "served, not described")
        #expect(Set(described).subtracting(served) == [], "described, not served")
    }
}

private struct LineHandler: LogHandler {
    let write: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(write: @escaping @Sendable (String) -> Void) { self.write = write }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        write("\(event.level) \(event.message) \(event.metadata ?? [:])")
    }
}
