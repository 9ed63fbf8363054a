import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct AbsenceDeskTests {
    private static let from = World.start.adding(days: 1)
    private static let to = World.start.adding(days: 8)

    private func declare(
        _ world: World,
        _ absence: Absence = Absence(from: from, to: to),
        of rpps: String = Staff.nurses[0],
        by caller: String? = nil,
        key: String = "k"
    ) async throws -> Coordinator.Outcome {
        try await AbsenceDesk(coordinator: world.coordinator)
            .declare(absence, of: rpps, by: try world.caller(caller ?? rpps), key: RequestKey(key: key, body: []))
    }

    private func isAbsent(_ rpps: String, at instant: Instant, _ world: World) throws -> Bool {
        let state = try world.coordinator.loader.territory(World.streams.territory).state
        return try #require(state.territory).isAbsent(try RPPS(rpps), at: instant)
    }

    @Test(arguments: LogKind.allCases)
    func declaredAndEndedEarly(kind: LogKind) async throws {
        let world = try await World(kind)
        _ = try await declare(world)
        #expect(try isAbsent(Staff.nurses[0], at: Self.from, world))
        #expect(try !isAbsent(Staff.nurses[0], at: Self.to, world))
        #expect(try !isAbsent(Staff.nurses[1], at: Self.from, world))
        // A publication does not end it.
        var territory = SmallTerritory()
        territory.version = 2
        try await world.publish(territory)
        #expect(try isAbsent(Staff.nurses[0], at: Self.from, world))

        let head = try world.head()
        _ = try await declare(world, key: "again")
        #expect(try world.head() == head)

        let desk = AbsenceDesk(coordinator: world.coordinator)
        let back = Self.from.adding(days: 2)
        let caller = try world.caller(Staff.referent)
        _ = try await desk.end(absenceFrom: Self.from, of: Staff.nurses[0], at: back, by: caller, key: RequestKey(key: "end", body: []))
        #expect(try isAbsent(Staff.nurses[0], at: back.adding(minutes: -1), world))
        #expect(try !isAbsent(Staff.nurses[0], at: back, world))
        #expect(try world.count(AbsenceDeclared.type) == 1)
        #expect(try world.count(AbsenceEnded.type) == 1)
    }

    @Test func onlyTheyOrTheReferentSaySo() async throws {
        let world = try await World()
        await #expect(
            performing: { _ = try await declare(world, by: Staff.nurses[1]) },
            throws: { ($0 as? Rejection)?.code == .referentOnly }
        )
        _ = try await declare(world, by: Staff.referent)
        #expect(try world.count(AbsenceDeclared.type) == 1)
    }

    @Test(arguments: [
        (Absence(from: to, to: from), Rejection.Code.invalidAbsence), (Absence(from: from, to: from), .invalidAbsence),
        (Absence(from: from, to: to, replacement: try? RPPS(Staff.gps[0])), .invalidAbsence),
        (Absence(from: from, to: to, replacement: try? RPPS(Staff.nurses[0])), .invalidAbsence),
    ])
    func anAbsenceThatCannotBeIsRefused(absence: Absence, code: Rejection.Code) async throws {
        let world = try await World()
        await #expect(performing: { _ = try await declare(world, absence) }, throws: { ($0 as? Rejection)?.code == code })
        #expect(try world.count(AbsenceDeclared.type) == 0)
    }

    @Test func whoIsNotKnownIsNotAway() async throws {
        let world = try await World()
        let caller = try world.caller(Staff.referent)
        let desk = AbsenceDesk(coordinator: world.coordinator)
        await #expect(
            performing: { _ = try await declare(world, of: Staff.stranger, by: Staff.referent) },
            throws: { ($0 as? Rejection)?.code == .unknownProfessional }
        )
        await #expect(
            performing: {
                _ = try await desk.end(absenceFrom: Self.from, of: Staff.nurses[0], at: Self.to, by: caller, key: RequestKey(key: "end", body: []))
            },
            throws: { ($0 as? Rejection)?.code == .unknownAbsence }
        )
    }

    /// Each declares their own; nobody's word is lost.
    @Test(arguments: LogKind.allCases)
    func manyAtOnceAreAllKept(kind: LogKind) async throws {
        let world = try await World(kind)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for nurse in Staff.nurses { group.addTask { _ = try await declare(world, of: nurse) } }
            try await group.waitForAll()
        }
        for nurse in Staff.nurses { #expect(try isAbsent(nurse, at: Self.from, world)) }
    }
}
