import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct AtomicityTests {
    private func identity(_ patient: String) -> PatientIdentity {
        PatientIdentity(identifier: LocalIdentifier(authority: "CHT", value: patient), birthFamilyName: "ESSAI")
    }

    private func admission(_ visit: String, patient: String) -> HospitalDesk.Admission {
        .init(visit: LocalIdentifier(authority: "CHT", value: visit), identity: identity(patient), at: World.start.adding(days: -1))
    }

    @Test(arguments: LogKind.allCases)
    func severalStreamsAreWrittenTogether(kind: LogKind) async throws {
        let world = try await World(kind)
        let before = try world.head()
        let desk = HospitalDesk(coordinator: world.coordinator)
        let (stream, outcome) = try await desk.admit(
            admission("V1", patient: "P1"),
            by: try world.caller(Staff.unitContact),
            key: RequestKey(key: "k", body: [])
        )
        let written = try world.log.read(after: before, limit: 10)
        #expect(written.map(\.type) == [PatientIdentified.type, VisitRegistered.type, PatientAdmitted.type])
        #expect(Set(written.map(\.recordedAt)).count == 1)
        #expect(stream == world.pathway("V1"))
        #expect(outcome == .done(answer: [], position: before + 3))
    }

    @Test(arguments: LogKind.allCases)
    func whenOneStreamRefusesNoneIsWritten(kind: LogKind) async throws {
        let world = try await World(kind)
        let desk = HospitalDesk(coordinator: world.coordinator)
        let caller = try world.caller(Staff.unitContact)
        _ = try await desk.admit(admission("V1", patient: "P1"), by: caller, key: RequestKey(key: "k1", body: []))
        let head = try world.head()
        await #expect(
            performing: {
                _ = try await desk.admit(admission("V1", patient: "P2"), by: caller, key: RequestKey(key: "k2", body: []))
            },
            throws: { ($0 as? Rejection)?.code == .visitOfAnotherPatient }
        )
        #expect(try world.head() == head)
        #expect(try world.recorded(World.streams.patient(LocalIdentifier(authority: "CHT", value: "P2"))).isEmpty)
    }

    @Test(arguments: LogKind.allCases)
    func whenOneStreamConflictsAllIsDecidedAnew(kind: LogKind) async throws {
        let world = try await World(kind)
        let laggard = world.anotherCoordinator()
        let caller = try world.caller(Staff.unitContact)
        let desk = HospitalDesk(coordinator: laggard)
        _ = try await desk.admit(admission("V1", patient: "P1"), by: caller, key: RequestKey(key: "k1", body: []))
        // The patient's stream moves where the laggard does not look.
        let patient = World.streams.patient(LocalIdentifier(authority: "CHT", value: "P1"))
        let moved = PatientIdentity(identifier: LocalIdentifier(authority: "CHT", value: "P1"), phone: "0261910099")
        _ = try await world.coordinator.perform(nil) { work in
            try work.identify(PatientIdentified(identity: moved, statement: world.statement("Z")), on: patient, by: world.author)
            return []
        }
        var second = admission("V2", patient: "P1")
        second.identity = PatientIdentity(identifier: second.identity.identifier, birthFamilyName: "AUTRE")
        _ = try await desk.admit(second, by: caller, key: RequestKey(key: "k2", body: []))
        #expect(
            try world.recorded(patient).map(\.type) == [
                PatientIdentified.type, VisitRegistered.type, PatientIdentified.type, PatientIdentified.type, VisitRegistered.type,
            ]
        )
        #expect(try world.recorded(world.pathway("V2")).map(\.type) == [PatientAdmitted.type])
        #expect(try StateLoader(reader: world.log, sealer: PlainSealer()).patient(patient).state.identity?.phone == "0261910099")
    }

    @Test(arguments: LogKind.allCases)
    func nothingToDoWithoutAKeyAppendsNothing(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        let head = try world.head()
        try await world.admit()
        #expect(try world.head() == head)
        let outcome = try await world.coordinator.perform(nil) { _ in [42] }
        #expect(outcome == .done(answer: [42], position: head))
    }
}
