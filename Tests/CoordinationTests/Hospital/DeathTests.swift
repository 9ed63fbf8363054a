import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite("A death stops everything, and each person hears of it once")
struct DeathTests {
    /// The second began before the first had ended: neither is a readmission.
    private static let twoVisits = HospitalStory("two visits")
        .identify("X", name: "ESSAI")
        .insert(.admission, "1", hours: 96, naming: "X")
        .insert(.discharge, "2", hours: 24, naming: "X", to: .home)
        .insert(.admission, "1", hours: 30, of: "W", naming: "X", account: "E")
        .insert(.discharge, "2", hours: 1, of: "W", naming: "X", to: .home, account: "E")

    private func told(_ world: World) throws -> [String] {
        try ["V", "W"].flatMap { visit in
            try world.events(visit).flatMap { event -> [String] in
                guard case .followUpsWithdrawn(let body) = event else { return [] }
                return body.withdrawals.filter { $0.reason == .deceased }.flatMap(\.told)
            }
        }
    }

    @Test(arguments: LogKind.allCases, [1, 100])
    func allPathwaysOfThePatientEnd(kind: LogKind, pageSize: Int) async throws {
        let world = try await World(kind)
        for message in Self.twoVisits.messages { try await world.state(message) }
        try await world.plan()
        let open = try ["V", "W"].flatMap { try world.state($0).followUps }
        #expect(open.count == 8 && open.allSatisfy { $0.status == .open })
        let asked = Set(open.flatMap(\.pendingOffers).map(\.to))
        // Somebody is asked in both.
        #expect(asked.count < open.flatMap(\.pendingOffers).count)

        let death = Self.twoVisits.identify("X", deceased: true)
        try await world.state(try #require(death.messages.last))
        try await world.catchUp(world.follower(try world.store()), pageSize: pageSize)
        let after = try ["V", "W"].flatMap { try world.state($0).followUps }
        #expect(after.allSatisfy { $0.status == .withdrawn && $0.withdrawal == .deceased })
        #expect(try told(world).sorted() == asked.sorted())
        let head = try world.head()
        try await world.plan()
        #expect(try world.head() == head)

        let alive = death.identify("X", deceased: false)
        try await world.state(try #require(alive.messages.last))
        try await world.plan()
        #expect(try ["V", "W"].flatMap { try world.state($0).followUps }.allSatisfy { $0.status == .open })
    }

    @Test func aVisitThatEndsInDeathEndsTheOthers() async throws {
        let world = try await World()
        let story = HospitalStory("")
            .identify("X", name: "ESSAI")
            .insert(.admission, "1", hours: 96, naming: "X")
            .insert(.discharge, "2", hours: 24, naming: "X", to: .home)
            .insert(.admission, "1", hours: 12, of: "W", naming: "X", account: "E")
        for message in story.messages { try await world.state(message) }
        try await world.plan()
        #expect(try world.state("V").followUps.allSatisfy { $0.status == .onHold })
        let death = story.insert(.discharge, "2", hours: 1, of: "W", naming: "X", to: .death, account: "E")
        try await world.state(try #require(death.messages.last))
        try await world.plan()
        #expect(try world.state("V").followUps.allSatisfy { $0.withdrawal == .deceased })
        #expect(try world.state("W").status == .deceased && world.state("W").followUps.isEmpty)
    }

    @Test func undoingAMergeWithTheDeadRestores() async throws {
        let world = try await World()
        let story = HospitalStory("")
            .identify("X", name: "ESSAI")
            .insert(.admission, "1", hours: 96, naming: "X")
            .insert(.discharge, "2", hours: 24, naming: "X", to: .home)
            .identify("Y", name: "AUTRE", deceased: true)
            .merge("Y", into: "X")
        for message in story.messages { try await world.state(message) }
        try await world.plan()
        #expect(try world.state("V").followUps.isEmpty)
        let streams = ["X", "Y"].map { World.streams.patient(World.number($0)) }
        let desk = PatientDesk(coordinator: world.coordinator)
        let referent = try world.caller(Staff.referent)
        _ = try await desk.undoMerge(retired: streams[1], survivor: streams[0], by: referent, key: RequestKey(key: "undo", body: []))
        try await world.plan()
        #expect(try world.state("V").followUps.count { $0.status == .open } == 4)
    }
}
