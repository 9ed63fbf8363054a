import Coordination
import Crypto
import EventStore
import Foundation
import HL7v2
import Intake
import LogTesting
import Logging
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// Several territories behind one router, each with a log and a key of its own, that the same hospital sends patients home to. Their people
/// have the same numbers on purpose.
struct Territories {
    /// One of them.
    struct Town: Sendable {
        let id: String
        /// PID-11 of a home there.
        let home: String
        let log: SwitchableLog
        let coordinator: Coordinator
        let intake: HL7Intake

        var served: ServedTerritory { ServedTerritory(id: id, coordinator: coordinator) }
        func pathway(_ visit: String) -> StreamID { coordinator.streams.pathway(LocalIdentifier(authority: "850099995", value: visit)) }
        func patient(_ number: String) -> StreamID { coordinator.streams.patient(LocalIdentifier(authority: "850099995", value: number)) }
        func state(_ visit: String) throws -> Pathway { try coordinator.loader.pathway(pathway(visit)).state }
        var events: [RecordedEvent] {
            get throws { try log.read(after: 0, limit: 100_000).filter { !$0.type.hasPrefix("fr.relais.territory.") } }
        }
        func count(_ type: String) throws -> Int { try events.count { $0.type == type } }
    }

    private static let places = [
        ("ouest", "85047", "Challans", "85300"), ("est", "85191", "La Roche-sur-Yon", "85000"), ("sud", "85128", "Luçon", "85400"),
    ]
    static let nurse = "99999000021"

    let router: TerritoryRouter
    let towns: [Town]
    let directory = FileManager.default.temporaryDirectory.appending(path: "territories-\(UUID().uuidString)")

    var west: Town { towns[0] }
    var east: Town { towns[1] }
    var handOver: HandOver { HandOver(towns.map(\.served)) }

    /// - Parameter onDisk: real logs, each in a directory of its own; remove `directory` afterwards.
    init(_ count: Int = 2, routes: FeedRoutes = FeedRoutes(), onDisk: Bool = false) async throws {
        if onDisk { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }
        var towns: [Town] = []
        for (index, place) in Self.places.prefix(count).enumerated() {
            let time = TimeSource.fixed(Station.now)
            let log: any EventLog =
                onDisk
                ? try SQLiteEventLog.open(.init(directory: directory.appending(path: place.0).path, identity: place.0, time: time))
                : InMemoryEventLog(identity: place.0, time: time)
            let chance = Mutex(SplitMix64(seed: UInt64(index + 1)))
            let naming = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: UInt8(index + 1), count: 32)))
            let switchable = SwitchableLog(log)
            let coordinator = Coordinator(
                log: switchable,
                sealer: PlainSealer(),
                streams: StreamNames(naming: naming, territory: place.0),
                time: time,
                ids: EventIDGenerator(time: time) { chance.withLock { $0.next() } }
            )
            let author = Author(source: "urn:relais:test", occurredAt: Station.now)
            let publisher = TerritoryPublisher(coordinator: coordinator)
            _ = try await publisher.publish(territory: Self.yaml(place), file: "test", by: author)
            for file in BundledFiles.protocols where file.name == "plain-home-discharge.yaml" {
                _ = try await publisher.publish(protocol: file.yaml, file: file.name, by: author)
            }
            let intake = HL7Intake(coordinator: coordinator, environment: .test, logger: Self.silence)
            let home = "1 rue de l'Essai^^\(place.2)^^\(place.3)^FRA^H"
            towns.append(Town(id: place.0, home: home, log: switchable, coordinator: coordinator, intake: intake))
        }
        self.towns = towns
        router = try TerritoryRouter(towns.map { TerritoryIntake(id: $0.id, intake: $0.intake) }, routes: routes, logger: Self.silence)
    }

    static var silence: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private static func yaml(_ place: (id: String, code: String, name: String, postalCode: String)) -> String {
        """
        id: \(place.id)
        name: Territoire d'essai
        timeZone: Europe/Paris
        version: 1
        referent: {rpps: "99999000013", name: Camille Moreau}
        communes:
          - {code: "\(place.code)", name: \(place.name), postalCodes: ["\(place.postalCode)"], population: 22494}
        professionals:
          - {rpps: "99999000013", family: Moreau, given: Camille, role: referent, communes: all}
          - {rpps: "\(nurse)", family: Petit, given: Dominique, role: nurse, communes: all}
        teams: []
        hospitals:
          - finess: "850099995"
            name: Centre hospitalier d'essai
            authorities: [CHT]
            senders: [{application: SIMHOSP, facility: CHT}]
            units: []

        """
    }

    /// The answer to one frame, and why it went where it went.
    struct Answer {
        let bytes: [UInt8]
        let receipt: IntakeReceipt
        let acknowledgement: Acknowledgement

        var code: String { acknowledgement.code.rawValue }
        var reason: RoutingDecision.Reason? { receipt.routing?.reason }
        var territories: [String] { receipt.routing?.territories ?? [] }
        var warnings: [String] { receipt.warnings.map(\.code.rawValue) }
    }

    @discardableResult
    func send(_ message: ADTMessage, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Answer {
        guard case .acknowledge(let bytes, let receipt) = await router.receive(message.bytes) else {
            Issue.record("not answered", sourceLocation: sourceLocation)
            throw Station.NotAnswered()
        }
        return Answer(bytes: bytes, receipt: receipt, acknowledgement: try Acknowledgement(try Message(parsing: bytes)))
    }

    // MARK: - Messages

    /// A message of a visit whose patient lives in a town, or says nothing of it.
    func message(
        _ trigger: String,
        visit: String = "V1",
        patient: String = "P1",
        home: Town? = nil,
        movement: String = "1",
        control: String
    ) -> ADTMessage {
        ADTMessage(trigger, movement: movement, at: Self.times[trigger] ?? "20261109083000", visit: visit, control: control)
            .with("PID-3", "\(patient)^^^CHT&850099995&N^PI")
            .with("PID-11", home?.home ?? "")
    }

    private static let times = ["A02": "20261109120000", "A03": "20261110100000"]
}
