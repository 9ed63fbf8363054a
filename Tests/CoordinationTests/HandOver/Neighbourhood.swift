import Coordination
import Crypto
import EventStore
import LogTesting
import Pathways
import Sealing
import Synchronization
import TestSupport
import Timekeeping

/// Two or three territories, each with a log and a key of its own, that the same hospital sends patients home to.
struct Neighbourhood {
    /// A territory of one commune and one nurse.
    struct Town: Sendable {
        let id: String
        let commune: String
        let address: PatientAddress
        let nurse: String
        let referent: String
        let log: SwitchableLog
        /// Nil unless what is recorded there is sealed.
        let keys: KeyVault?
        let coordinator: Coordinator
        let directory: TemporaryDirectory

        var served: ServedTerritory { ServedTerritory(id: id, coordinator: coordinator) }
        func store() throws -> HandOverStore { try HandOverStore(path: "\(directory.path)/reactors.sqlite") }
        func pathway(_ visit: String) -> StreamID { coordinator.streams.pathway(LocalIdentifier(authority: "CHT", value: visit)) }

        func events(_ visit: String = "V1") throws -> [PathwayEvent] {
            try log.read(stream: pathway(visit), fromVersion: 1, limit: .max).compactMap { try PathwayEvent(type: $0.type, payload: $0.payload) }
        }
        func state(_ visit: String = "V1") throws -> Pathway { Pathway(folding: try events(visit)) }
        func head() throws -> Int64 { try log.head().position }
    }

    static let hospital = "CHT"
    let clock = ManualClock(World.start)
    let towns: [Town]

    var west: Town { towns[0] }
    var east: Town { towns[1] }
    var handOver: HandOver { HandOver(towns.map(\.served)) }

    /// - Parameter isSealed: then what a town holds is read through its coordinator, not by `events`.
    init(_ kind: LogKind = .memory, count: Int = 2, isSealed: Bool = false) async throws {
        let places = [("ouest", "85047", "Challans", "85300"), ("est", "85191", "La Roche-sur-Yon", "85000"), ("sud", "85128", "Luçon", "85400")]
        var towns: [Town] = []
        for (index, place) in places.prefix(count).enumerated() {
            let directory = try TemporaryDirectory()
            let keys = isSealed ? try Self.vault(in: directory, time: clock.source) : nil
            let sealer: any PayloadSealer = keys ?? PlainSealer()
            let log = SwitchableLog(try kind.open(in: directory, sealer: sealer, time: clock.source))
            let chance = Mutex(SplitMix64(seed: UInt64(index + 1)))
            let key = SymmetricKey(data: [UInt8](repeating: UInt8(index + 1), count: 32))
            let coordinator = Coordinator(
                log: log,
                sealer: sealer,
                streams: StreamNames(naming: StreamNaming(key: key), territory: place.0),
                time: clock.source,
                ids: EventIDGenerator(time: clock.source) { chance.withLock { $0.next() } }
            )
            towns.append(
                Town(
                    id: place.0,
                    commune: place.1,
                    address: PatientAddress(city: place.2, postalCode: place.3),
                    nurse: Staff.rpps(200 + index),
                    referent: Staff.rpps(210 + index),
                    log: log,
                    keys: keys,
                    coordinator: coordinator,
                    directory: directory
                )
            )
        }
        self.towns = towns
        for town in towns { try await publish(town) }
    }

    private static func vault(in directory: TemporaryDirectory, time: TimeSource) throws -> KeyVault {
        let master = try MasterKey(bytes: Array(1...32))
        return try KeyVault.open(directory: "\(directory.path)/keys", identity: "test-territory", master: master, time: time)
    }

    private func publish(_ town: Town) async throws {
        let author = Author(source: "urn:relais:test", occurredAt: clock.now)
        let publisher = TerritoryPublisher(coordinator: town.coordinator)
        let yaml = """
            id: \(town.id)
            name: CPTS d'essai
            timeZone: Europe/Paris
            version: 1
            referent: {rpps: "\(town.referent)", name: Camille Essai}
            communes:
              - {code: "\(town.commune)", name: \(town.address.city ?? ""), postalCodes: ["\(town.address.postalCode ?? "")"], population: 20000}
            professionals:
              - {rpps: "\(town.referent)", family: Essai, given: Camille, role: referent, communes: all}
              - {rpps: "\(town.nurse)", family: Essai, given: Dominique, role: nurse, communes: ["\(town.commune)"]}
            teams: []
            hospitals:
              - finess: "850099995"
                name: Centre hospitalier d'essai
                authorities: [\(Self.hospital)]
                senders: [{application: SIMHOSP, facility: \(Self.hospital)}]
                units: []

            """
        _ = try await publisher.publish(territory: yaml, file: "test", by: author)
        for file in BundledFiles.protocols where file.name == "plain-home-discharge.yaml" {
            _ = try await publisher.publish(protocol: file.yaml, file: file.name, by: author)
        }
    }

    // MARK: - What the hospital states, in one territory

    private func statement(_ control: String) -> Statement {
        Statement(recordedAt: clock.now, sentAt: clock.now, controlID: control, digest: "0000000000000000")
    }

    func movement(_ id: String, _ instant: Instant) -> Movement {
        Movement(id: MovementID(authority: "CHT/V1", value: id), effectiveAt: instant, statement: statement(id))
    }

    /// An address, and a report beside it or none.
    func state(_ report: VisitReport?, home: PatientAddress?, visit: String = "V1", patient: String = "P1", in town: Town) async throws {
        let patient = LocalIdentifier(authority: Self.hospital, value: patient)
        let reference = town.coordinator.streams.reference(visit: LocalIdentifier(authority: Self.hospital, value: visit), patient: patient)
        let identity = PatientIdentity(identifier: patient, birthFamilyName: "ESSAI", givenName: "Louise", address: home)
        clock.set(clock.now.adding(milliseconds: 1))
        let identified = PatientIdentified(identity: identity, statement: statement("I\(clock.now.millisecondsSinceEpoch)"))
        let author = Author(source: "urn:relais:test", occurredAt: clock.now)
        _ = try await town.coordinator.perform(nil) { work in
            try work.identify(identified, on: town.coordinator.streams.patient(patient), by: author)
            if let report { try work.decide(.report(report, reference), on: town.pathway(visit), by: author) }
            return []
        }
    }

    func admit(home: PatientAddress?, visit: String = "V1", in town: Town) async throws {
        try await state(.movement(.admission, movement("1", World.start.adding(days: -2)), nil), home: home, visit: visit, in: town)
    }

    func discharge(home: PatientAddress?, in town: Town) async throws {
        try await state(.movement(.discharge, movement("2", World.start), DischargeMode(destination: .home)), home: home, in: town)
    }

    // MARK: - What follows the logs

    func plan(_ town: Town) async throws {
        let store = try SQLiteReactorStore(path: "\(town.directory.path)/reactors.sqlite")
        let planner = PlannerReactor(planner: FollowUpPlanner(coordinator: town.coordinator), deadlines: SQLiteDeadlineStore(store: store))
        try await follow(ReactorFollower(planner, store: store, log: town.log, time: town.coordinator.time), town)
    }

    func follower(_ town: Town) throws -> HandOverFollower { HandOverFollower(town.served, handOver: handOver, store: try town.store()) }

    func follow(_ follower: some Follower, _ town: Town, pageSize: Int = 50) async throws {
        while true {
            let events = try town.log.read(after: try await follower.loadCheckpoint().position, limit: pageSize)
            guard let last = events.last else { return }
            try await follower.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: last.position, epoch: town.log.epoch)))
        }
    }
}
