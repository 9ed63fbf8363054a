import Coordination
import EventStore
import Pathways
import Testing
import Timekeeping

/// A visit of a person with several numbers, with corrections, and of a dossier that was moved, goes on elsewhere as it was.
@Suite("A hand-over tells the whole person") struct WholePersonTests {
    private func identify(_ patient: String, home: PatientAddress?, _ minute: Int, in town: Neighbourhood.Town) async throws {
        let number = World.number(patient)
        let identity = PatientIdentity(identifier: number, birthFamilyName: patient, address: home)
        try await perform(in: town) { work, author in
            let statement = PatientIdentified(identity: identity, statement: World.stamp(minute))
            try work.identify(statement, on: town.coordinator.streams.patient(number), by: author)
        }
    }

    private func report(_ report: VisitReport, naming patient: String, in town: Neighbourhood.Town) async throws {
        let reference = town.coordinator.streams.reference(visit: World.number("V1"), patient: World.number(patient))
        try await perform(in: town) { work, author in try work.report(report, reference, account: World.number("D"), by: author) }
    }

    private func perform(in town: Neighbourhood.Town, _ body: (inout UnitOfWork, Author) throws -> Void) async throws {
        let author = Author(source: "urn:relais:test", occurredAt: World.start)
        _ = try await town.coordinator.perform(nil) { work in
            try body(&work, author)
            return []
        }
    }

    private func movement(_ id: String, hours: Int64, _ minute: Int, unit: String? = nil) -> Movement {
        Movement(
            id: MovementID(authority: "CHT/V1", value: id),
            effectiveAt: World.start.adding(hours: -hours),
            unit: unit.map { MedicalUnitReference(code: $0, authority: "CHT") },
            statement: World.stamp(minute)
        )
    }

    @Test(arguments: LogKind.allCases)
    func correctionsMergesAndMovesGoWithIt(kind: LogKind) async throws {
        let here = try await Neighbourhood(kind)
        let (west, east) = (here.west, here.east)
        try await identify("X", home: west.address, 1, in: west)
        try await report(.movement(.admission, movement("1", hours: 48, 2), nil), naming: "W", in: west)
        try await report(.correction(.admission, movement("1", hours: 47, 3, unit: "MEDE"), nil), naming: "W", in: west)
        try await perform(in: west) { work, author in
            let streams = west.coordinator.streams
            let links = ["W", "X", "Y"].map { streams.link(World.number($0)) }
            let move = DossierMoved(account: World.number("D"), from: links[0], to: links[1], statement: World.stamp(4))
            _ = try work.move(move, by: author)
            _ = try work.merge(PatientsMerged(retired: links[1], survivor: links[2], statement: World.stamp(5)), by: author)
        }
        // Said of the surviving number only.
        try await identify("Y", home: east.address, 6, in: west)
        let follower = try here.follower(west)
        try await here.follow(follower, west)

        let before = try west.state()
        let after = try east.state()
        #expect(before.status == .closed && before.reference?.patient == World.number("X"))
        // Whom each report named goes along, under the stream ids of the other territory.
        #expect(after.history.movements == before.history.movements && after.history.held.isEmpty && after.stay.unit?.code == "MEDE")
        #expect(after.reference?.patient == World.number("X"))
        let streams = east.coordinator.streams
        let numbers = ["Y", "X"].map { streams.patient(World.number($0)) }
        #expect(try east.coordinator.loader.person(of: numbers[1]) == numbers)
        // What still names the first patient is taken for the new one, there as here; told again, nothing is news.
        try await report(.movement(.discharge, movement("2", hours: 0, 7), DischargeMode(destination: .home)), naming: "W", in: east)
        #expect(try east.state().status == .discharged && east.state().claims.isEmpty)
        let head = try east.head()
        #expect(try await here.handOver.settle(west.pathway("V1"), of: west.id) == .stays)
        #expect(try east.head() == head)
    }
}
