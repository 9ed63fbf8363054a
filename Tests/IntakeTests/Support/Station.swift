import Coordination
import Crypto
import EventStore
import HL7v2
import Intake
import Logging
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// An intake on a log in memory with a small fictional territory, and what tests want to know of it.
struct Station {
    /// 2026-11-10T12:00:00Z: when every frame of these tests is received.
    static let now = Instant(millisecondsSinceEpoch: 1_794_312_000_000)

    static let territoryYAML = """
        id: test-territory
        name: Territoire d'essai
        timeZone: Europe/Paris
        version: 1
        referent: {rpps: "99999000013", name: Camille Moreau}
        communes:
          - {code: "85047", name: Challans, postalCodes: ["85300"], population: 22494}
        professionals:
          - {rpps: "99999000013", family: Moreau, given: Camille, role: referent, communes: all}
        teams: []
        hospitals:
          - finess: "850099995"
            name: Centre hospitalier d'essai
            authorities: [CHT]
            senders: [{application: SIMHOSP, facility: CHT}]
            units: []
        """

    /// Keeps what the intake told its observer.
    final class Observations: Sendable {
        private let kept = Mutex<[IntakeObservation]>([])
        func add(_ observation: IntakeObservation) { kept.withLock { $0.append(observation) } }
        var all: [IntakeObservation] { kept.withLock { $0 } }
    }

    let log: any EventLog
    let coordinator: Coordinator
    let intake: HL7Intake
    let observations = Observations()

    /// - Parameters:
    ///   - profile: what was agreed with the sender, beyond its name: lines of a site profile.
    ///   - publishes: without, no territory is in force.
    init(
        environment: DeploymentEnvironment = .test,
        profile: String? = nil,
        publishes: Bool = true,
        sealer: any PayloadSealer = PlainSealer(),
        log: (any EventLog)? = nil
    ) async throws {
        let time = TimeSource.fixed(Self.now)
        let memory = log ?? InMemoryEventLog(identity: "test-territory", sealer: sealer, time: time)
        let chance = Mutex(SplitMix64(seed: 7))
        let naming = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32)))
        let coordinator = Coordinator(
            log: memory,
            sealer: sealer,
            streams: StreamNames(naming: naming, territory: "test-territory"),
            time: time,
            ids: EventIDGenerator(time: time) { chance.withLock { $0.next() } }
        )
        self.log = memory
        self.coordinator = coordinator
        let observations = observations
        intake = HL7Intake(
            coordinator: coordinator,
            environment: environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            observe: { observations.add($0) }
        )
        if publishes {
            let author = Author(source: "urn:relais:test", occurredAt: Self.now)
            _ = try await TerritoryPublisher(coordinator: coordinator).publish(territory: Self.territoryYAML, file: "test", by: author)
        }
        if let profile { try await publish(profile: profile) }
    }

    /// Publishes what was agreed with the sender: lines of a site profile.
    func publish(profile: String, version: Int = 1) async throws {
        let author = Author(source: "urn:relais:test", occurredAt: Self.now)
        let head = """
            id: test-site
            version: \(version)
            title: Réglages d'essai
            date: 2026-11-01
            senders: [{application: SIMHOSP, facility: CHT}]

            """
        let yaml = head + profile + "\n"
        _ = try await TerritoryPublisher(coordinator: coordinator).publish(siteProfile: yaml, file: "test", by: author)
    }

    var desk: QuarantineDesk { QuarantineDesk(intake: intake) }

    /// The référent-parcours of the territory.
    func referent() throws -> Caller {
        try Caller(urn: "urn:rpps:99999000013", in: coordinator.loader.territory(coordinator.streams.territory).state)
    }

    /// The acknowledgement of one frame and its receipt.
    func send(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) async throws -> Answer {
        let reply = await intake.receive(bytes)
        guard case .acknowledge(let bytes, let receipt) = reply else {
            Issue.record("not answered: \(reply)", sourceLocation: sourceLocation)
            throw NotAnswered()
        }
        let message = try Message(parsing: bytes)
        return Answer(bytes: bytes, message: message, acknowledgement: try Acknowledgement(message), receipt: receipt)
    }

    func send(_ message: ADTMessage, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Answer {
        try await send(message.bytes, sourceLocation: sourceLocation)
    }

    struct NotAnswered: Error {}

    struct Answer {
        let bytes: [UInt8]
        let message: Message
        let acknowledgement: Acknowledgement
        let receipt: IntakeReceipt

        var code: String { acknowledgement.code.rawValue }
        var outcome: MessageOutcome? {
            if case .recorded(let outcome) = receipt.result { outcome } else { nil }
        }
        /// `101 PID-3`: the ERR segments of severity E.
        var faults: [String] {
            acknowledgement.errors.filter { $0.severity == .error }.map { "\($0.code) \($0.location.map { "\($0)" } ?? "")" }
        }
        /// The codes of the ERR segments of severity W.
        var warnings: Set<String> { Set(acknowledgement.errors.filter { $0.severity == .warning }.compactMap(\.applicationCode)) }
    }

    // MARK: - What the log holds

    var events: [RecordedEvent] {
        get throws { try log.read(after: 0, limit: 100_000).filter { !$0.type.hasPrefix("fr.relais.territory.") } }
    }

    /// The last part of the types, in order: `message-received`, `patient-admitted`.
    var kinds: [String] {
        get throws { try events.map { $0.type.split(separator: ".").dropLast().last.map(String.init) ?? "" } }
    }

    /// The events of one type, oldest first.
    func all<Body: EventBody>(_ type: Body.Type) throws -> [Body] {
        try events.filter { $0.type == Body.type }.map { try Body(payload: $0.payload) }
    }

    func last<Body: EventBody>(_ type: Body.Type) throws -> Body {
        try #require(try all(type).last)
    }

    func pathway(visit: String = "V1") throws -> Pathway {
        try coordinator.loader.pathway(coordinator.streams.pathway(LocalIdentifier(authority: "850099995", value: visit))).state
    }

    func patient(_ number: String = "P1") throws -> Patient {
        try coordinator.loader.patient(coordinator.streams.patient(LocalIdentifier(authority: "850099995", value: number))).state
    }
}
