import Coordination
import Crypto
import EventStore
import Foundation
import Hummingbird
import HummingbirdTesting
import Intake
import Logging
import Pathways
import Projections
import Synchronization
import Testing
import Timekeeping
import Transparency

@testable import Web

/// The whole service over a log in memory and views in a directory of its own; clock and chance are the test's.
final class House: Sendable {
    let log: any EventLog
    let clock: TestClock
    let coordinator: Coordinator
    let planner: FollowUpPlanner
    let runner: ProjectionRunner
    let services: WebServices
    private let directory: URL

    /// - Parameters:
    ///   - teams: the teams of the territory, as in its file.
    ///   - publishes: whether a territory and protocols are published.
    ///   - viewsFollow: whether a read that waits for a position gets it.
    ///   - proves: whether the log's checkpoints are signed, and those of itself witnessed.
    ///   - faults: makes the log's appends fail.
    ///   - notifier: tells people; nobody is told anything without one.
    init(
        publishes: Bool = true,
        teams: String = "teams: []",
        viewsFollow: Bool = true,
        proves: Bool = false,
        accounts: [DemoAccount] = [],
        faults: FaultyLog.Switch? = nil,
        notifier: TestNotifier? = nil
    ) async throws {
        let start = try #require(Instant(rfc3339: "2026-11-22T09:00:00+01:00"))
        clock = TestClock(start)
        directory = FileManager.default.temporaryDirectory.appending(path: "relais-web-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let memory = InMemoryEventLog(identity: "essai", time: clock.source)
        log = faults.map { FaultyLog(memory, $0) } ?? memory
        let sealer = PlainSealer()
        let streams = StreamNames(naming: StreamNaming(key: SymmetricKey(data: Array(repeating: UInt8(7), count: 32))), territory: "essai")
        let seed = Mutex<UInt64>(1)
        let ids = EventIDGenerator(time: clock.source) {
            seed.withLock { state in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state
            }
        }
        coordinator = Coordinator(log: log, sealer: sealer, streams: streams, time: clock.source, ids: ids)
        planner = FollowUpPlanner(coordinator: coordinator)
        let runner = try ProjectionRunner(directory: directory.path, log: log, sealer: sealer, lookupKey: { streams.lookupKey($0) })
        self.runner = runner
        let views = try Views(directory: directory.path)
        let projections = ProjectionReader(views: views)
        let log = log
        var services = WebServices(
            coordinator: coordinator,
            toDo: ToDoReader(views: views),
            timeline: TimelineReader(views: views, log: log, sealer: sealer),
            why: WhyReader(views: views, log: log, sealer: sealer, territory: streams.territory),
            directory: DirectoryReader(views: views),
            feed: FeedReader(views: views, log: log),
            quarantine: QuarantineReader(views: views),
            replay: PathwayReplay(reader: log, sealer: sealer),
            projections: projections,
            intake: HL7Intake(coordinator: coordinator, environment: .test, logger: Logger(label: "intake") { _ in SwiftLogNoOpLogHandler() }),
            awaitPosition: { position, _ in
                guard viewsFollow else { return false }
                return (try? runner.catchUp()) != nil
            },
            readiness: { Readiness.ofViews(try projections.status(), behind: try log.head(), bound: 3) },
            transparency: proves ? try House.transparency(of: log, in: directory, clock) : nil,
            time: clock.source,
            environment: .test,
            demoAccounts: accounts
        )
        services.notifications = notifier?.services(coordinator)
        self.services = services
        if publishes { try await publish(teams) }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// The key under which checkpoints are witnessed.
    static func witnessKey() throws -> WitnessKey {
        try WitnessKey(name: "relais.example/witness/essai", seed: Array(repeating: 9, count: 32))
    }

    private static func transparency(of log: any EventLog, in directory: URL, _ clock: TestClock) throws -> TransparencyServices {
        let key = try LogKey(origin: "relais.example/\(log.identity)", seed: Array(repeating: 5, count: 32))
        let tiles = try TileStore(path: directory.appending(path: "proofs.sqlite").path, log: log)
        let witness = try Witness(
            path: directory.appending(path: "witness.sqlite").path,
            key: try witnessKey(),
            logs: [key.verifierKey],
            time: clock.source
        )
        return TransparencyServices(
            prover: LogProver(log: log, tiles: tiles),
            checkpoints: CheckpointStore(log: log, tiles: tiles, key: key, time: clock.source)
        ) { try witness.addCheckpoint($0) }
    }

    private func publish(_ teams: String) async throws {
        let author = Author(source: "urn:relais:operator", occurredAt: clock.now)
        _ = try await services.territoryPublisher.publish(territory: TestTerritory.yaml(teams: teams), file: "t.yaml", by: author)
        for file in BundledFiles.protocols where ["plain-home-discharge.yaml", "heart-failure.yaml"].contains(file.name) {
            _ = try await services.territoryPublisher.publish(protocol: file.yaml, file: file.name, by: author)
        }
        try runner.catchUp()
    }

    /// What the process managers and the views would do meanwhile.
    func settle(_ pathway: StreamID) async throws {
        try await planner.reconcile(pathway, causedBy: nil, step: "test-\(log.head().position)")
        try runner.catchUp()
    }

    // MARK: - Requests

    func test<Value: Sendable>(_ body: @Sendable @escaping (any TestClientProtocol) async throws -> Value) async throws -> Value {
        let router = try WebServer.buildRouter(services: services)
        let application = Application(router: router, logger: Logger(label: "web") { _ in SwiftLogNoOpLogHandler() })
        let result = Mutex<Value?>(nil)
        try await application.test(.router) { client in
            let value = try await body(client)
            result.withLock { $0 = value }
        }
        return try #require(result.withLock { $0 })
    }

    func get(_ uri: String, as rpps: String? = nil) async throws -> Answer {
        try await send(.get, uri, headers: rpps.map { ["cookie": "relais-acteur=\($0)"] } ?? [:])
    }

    /// A form of a page.
    func post(_ uri: String, form: String, as rpps: String?, headers: [String: String] = [:]) async throws -> Answer {
        var headers = headers.merging(["content-type": "application/x-www-form-urlencoded"]) { first, _ in first }
        if let rpps { headers["cookie"] = "relais-acteur=\(rpps)" }
        return try await send(.post, uri, body: form, headers: headers)
    }

    /// A write of the API.
    func write(_ uri: String, _ body: String = "", by rpps: String? = TestTerritory.cardiology, key: String? = "k-1") async throws -> Answer {
        var headers: [String: String] = [:]
        if let rpps { headers["relais-actor"] = "urn:rpps:\(rpps)" }
        if let key { headers["idempotency-key"] = key }
        return try await send(.post, "/api/v1/\(uri)", body: body, headers: headers)
    }

    func send(_ method: HTTPRequest.Method, _ uri: String, body: String? = nil, headers: [String: String] = [:]) async throws -> Answer {
        try await test { client in
            var fields = HTTPFields()
            for (name, value) in headers { fields[try #require(HTTPFields.Element.Name(name))] = value }
            return try await client.execute(uri: uri, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }) { Answer($0) }
        }
    }

    // MARK: - A story

    static let admission = """
        {"visit":{"authority":"CHLVO","value":"V1"},"at":"2026-11-20T10:00:00+01:00",
         "patient":{"authority":"CHLVO","value":"P1","birthName":"Lemoine","usedName":"Garnier","givenName":"Solange","birthDate":"1941-05-03",
          "sex":"F","phone":"0261919001","address":{"line":"3 rue des Marais","city":"Challans","postalCode":"85300"},
          "ins":{"number":"269054958815780"}},
         "unit":{"code":"CARD","label":"Cardiologie"},"declared":[{"role":"attending-gp","rpps":"99999000112","name":"Jules Rousseau"}]}
        """

    /// Admitted on the 20th, discharged home on the 22nd at 08:30: four follow-ups are planned and offered.
    @discardableResult
    func discharged() async throws -> StreamID {
        let admitted = try await write("pathways", Self.admission, key: "admit")
        #expect(admitted.status == 201, "\(admitted.text)")
        let pathway = try #require(StreamID(hex: try admitted.string("pathway")))
        let left = try await write("pathways/\(pathway.hex)/discharge", #"{"at":"2026-11-22T08:30:00+01:00","destination":"home"}"#, key: "leave")
        #expect(left.status == 200, "\(left.text)")
        try await settle(pathway)
        return pathway
    }

    func followUp(_ role: CareRole, of pathway: StreamID) throws -> String {
        try #require(try coordinator.loader.pathway(pathway).state.followUps.first { $0.plan.role == role }).id
    }

    /// Lets time pass, and looks at a pathway whenever something of it is due.
    func pass(minutes: Int64, _ pathway: StreamID) async throws {
        let end = clock.now.adding(minutes: minutes)
        let (library, zone) = (try services.territory().protocols, TimeZone(identifier: "Europe/Paris") ?? .gmt)
        while let due = try coordinator.loader.pathway(pathway).state.nextDeadline(under: library, in: zone, after: clock.now),
            due.at > clock.now, due.at <= end
        {
            clock.advance(milliseconds: due.at.milliseconds(since: clock.now))
            try await settle(pathway)
        }
        clock.advance(milliseconds: end.milliseconds(since: clock.now))
        try await settle(pathway)
    }

    /// Who is asked for it and has not answered.
    func asked(_ followUp: String, of pathway: StreamID) throws -> [String] {
        try #require(try coordinator.loader.pathway(pathway).state.followUp(followUp)).pendingOffers.map(\.to)
    }
}
