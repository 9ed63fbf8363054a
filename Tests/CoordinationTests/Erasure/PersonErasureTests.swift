import Coordination
import EventStore
import Pathways
import Sealing
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// Erasing one number of a person takes what was said under all of them; a dossier that was moved goes with its new patient.
@Suite struct PersonErasureTests {
    private struct Sealed {
        let coordinator: Coordinator
        let desk: ErasureDesk
        let directory: TemporaryDirectory

        init() async throws {
            directory = try TemporaryDirectory()
            let clock = ManualClock(World.start)
            let chance = Mutex(SplitMix64(seed: 3))
            let random: @Sendable () -> UInt64 = { chance.withLock { $0.next() } }
            let master = try MasterKey(bytes: (0..<32).map { UInt8($0) })
            let keys = try KeyVault.open(
                directory: "\(directory.path)/keys",
                identity: "test-territory",
                master: master,
                time: clock.source,
                random: random
            )
            let log = InMemoryEventLog(identity: "test-territory", sealer: keys, time: clock.source)
            coordinator = Coordinator(
                log: log,
                sealer: keys,
                streams: World.streams,
                time: clock.source,
                ids: EventIDGenerator(time: clock.source, random: random)
            )
            desk = ErasureDesk(coordinator: coordinator, keys: keys)
            let author = Author(source: "urn:relais:test", occurredAt: World.start)
            _ = try await TerritoryPublisher(coordinator: coordinator).publish(territory: SmallTerritory().yaml, file: "test", by: author)
        }

        func caller() throws -> Caller {
            try Caller(urn: "urn:rpps:\(Staff.referent)", in: try coordinator.loader.territory(World.streams.territory).state)
        }

        func state(_ patient: String) throws -> Patient { try coordinator.loader.patient(stream(patient)).state }

        func stream(_ patient: String) -> StreamID { World.streams.patient(World.number(patient)) }

        func pathway(_ visit: String) throws -> Pathway { try coordinator.loader.pathway(World.streams.pathway(World.number(visit))).state }

        func admit(_ visit: String, account: String, patient: String) async throws {
            let admission = Movement(
                id: MovementID(authority: "CHT", value: "1"),
                effectiveAt: World.start,
                statement: World.stamp(1)
            )
            let identity = PatientIdentity(identifier: World.number(patient), birthFamilyName: patient)
            try await perform { work, author in
                let reference = World.streams.reference(visit: World.number(visit), patient: World.number(patient))
                try work.identify(PatientIdentified(identity: identity, statement: World.stamp(1)), on: stream(patient), by: author)
                try work.report(.movement(.admission, admission, nil), reference, account: World.number(account), by: author)
            }
        }

        func perform(_ body: (inout UnitOfWork, Author) throws -> Void) async throws {
            let author = Author(source: "urn:relais:test", occurredAt: World.start)
            _ = try await coordinator.perform(nil) { work in
                try body(&work, author)
                return []
            }
        }
    }

    @Test(arguments: ["X", "Y", "Z"]) func allNumbersOfAPersonGo(named: String) async throws {
        let sealed = try await Sealed()
        for name in ["X", "Y", "Z", "OTHER"] { try await sealed.admit("V-\(name)", account: "D-\(name)", patient: name) }
        for (index, (retired, survivor)) in [("X", "Y"), ("Z", "Y")].enumerated() {
            let event = PatientsMerged(
                retired: World.streams.link(World.number(retired)),
                survivor: World.streams.link(World.number(survivor)),
                statement: World.stamp(10 + index)
            )
            try await sealed.perform { work, author in _ = try work.merge(event, by: author) }
        }
        let extent = try sealed.desk.extent(of: [sealed.stream(named)])
        #expect(extent.streams.isSuperset(of: ["X", "Y", "Z"].map(sealed.stream)))
        let erasure = try await sealed.desk.erase([sealed.stream(named)], reason: .requestOfPatient, by: try sealed.caller())
        #expect(erasure.streams == extent.streams.count && erasure.keys == extent.keys.count)
        for name in ["X", "Y", "Z"] {
            #expect(try sealed.state(name).identity == nil, "\(name)")
            #expect(try sealed.pathway("V-\(name)").reference == nil, "\(name)")
        }
        #expect(try sealed.state("OTHER").identity != nil && sealed.pathway("V-OTHER").status == .admitted)
    }

    @Test func aMergeThatWasUndoneKeepsTheOther() async throws {
        let sealed = try await Sealed()
        for name in ["X", "Y"] { try await sealed.admit("V-\(name)", account: "D-\(name)", patient: name) }
        let links = ["X", "Y"].map { World.streams.link(World.number($0)) }
        let merge = PatientsMerged(retired: links[0], survivor: links[1], statement: World.stamp(10))
        try await sealed.perform { work, author in _ = try work.merge(merge, by: author) }
        _ = try await PatientDesk(coordinator: sealed.coordinator).undoMerge(
            retired: sealed.stream("X"),
            survivor: sealed.stream("Y"),
            by: try sealed.caller(),
            key: RequestKey(key: "undo", body: [])
        )
        _ = try await sealed.desk.erase([sealed.stream("X")], reason: .requestOfPatient, by: try sealed.caller())
        #expect(try sealed.state("X").identity == nil && sealed.state("Y").identity != nil)
    }

    @Test func aMovedVisitGoesWithItsNewPatient() async throws {
        let sealed = try await Sealed()
        try await sealed.admit("V", account: "D", patient: "X")
        let links = ["X", "Y"].map { World.streams.link(World.number($0)) }
        let move = DossierMoved(account: World.number("D"), from: links[0], to: links[1], statement: World.stamp(10))
        try await sealed.perform { work, author in _ = try work.move(move, by: author) }
        _ = try await sealed.desk.erase([sealed.stream("X")], reason: .requestOfPatient, by: try sealed.caller())
        #expect(try sealed.state("X").identity == nil && sealed.pathway("V").status == .admitted)
        _ = try await sealed.desk.erase([sealed.stream("Y")], reason: .requestOfPatient, by: try sealed.caller())
        #expect(try sealed.pathway("V").reference == nil)
    }
}
