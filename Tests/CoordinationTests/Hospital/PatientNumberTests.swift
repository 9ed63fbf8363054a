import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite("Whose visit it is")
struct PatientNumberTests {
    private func stream(_ name: String) -> StreamID { World.streams.patient(World.number(name)) }

    @Test(arguments: LogKind.allCases)
    func aVisitIsRegisteredOnceWithItsPatient(kind: LogKind) async throws {
        let world = try await World(kind)
        let story = HospitalStory("").insert(.discharge, "2", hours: 0, naming: "X", to: .home).insert(.admission, "1", hours: 48, naming: "X")
            .insert(.transfer, "3", hours: 24, naming: "X")
        var effects: [ReportEffect] = []
        for message in story.messages { effects.append(try #require(try await world.state(message))) }
        #expect(effects.map(\.isHeld) == [true, false, false])
        #expect(effects.map(\.events.count) == [1, 2, 1])
        #expect(effects.allSatisfy { !$0.isRepeated && !$0.completesMovement && !$0.dischargesBeforeAdmission && $0.pathway == world.pathway("V") })
        #expect(try world.recorded(stream("X")).map(\.type) == [VisitRegistered.type])
        let visit = try #require(try world.coordinator.loader.patient(stream("X")).state.visits.first)
        #expect(visit == VisitRegistered(account: World.number("D"), visit: World.number("V"), pathwayStream: world.pathway("V").hex))
        let head = try world.head()
        let again = try #require(try await world.state(story.messages[1]))
        #expect(again.isRepeated && again.completesMovement && !again.isHeld)
        #expect(try world.head() == head)
    }

    @Test func aDischargeBeforeTheAdmissionIsRemarked() async throws {
        let world = try await World()
        let story = HospitalStory("").insert(.admission, "1", hours: 4, naming: "X").insert(.discharge, "2", hours: 9, naming: "X", to: .home)
        try await world.state(story.messages[0])
        #expect(try await world.state(story.messages[1])?.dischargesBeforeAdmission == true)
    }

    @Test(arguments: LogKind.allCases)
    func aMovedDossierTakesItsVisitsAndNoOthers(kind: LogKind) async throws {
        let world = try await World(kind)
        let story = HospitalStory("").insert(.admission, "1", hours: 48, naming: "X")
            .insert(.admission, "1", hours: 24, of: "W", naming: "X", account: "E")
            .move(from: "X", to: "Y")
        for message in story.messages { try await world.state(message) }
        #expect(try world.state("V").reference?.patient == World.number("Y"))
        #expect(try world.state("V").reference?.patientStream == stream("Y").hex)
        #expect(try world.state("W").reference?.patient == World.number("X"))
        #expect(try world.coordinator.loader.patient(stream("Y")).state.visits.map(\.pathwayStream) == [world.pathway("V").hex])
        // All of it in one append.
        let written = try world.recorded().suffix(4)
        #expect(Set(written.map(\.recordedAt)).count == 1)
        #expect(Set(written.map(\.type)) == [DossierMoved.type, VisitRegistered.type, PathwayReassigned.type])
    }

    @Test func aMessageOfSomebodyElseWaitsAndADeskIsTold() async throws {
        let world = try await World()
        let story = HospitalStory("").insert(.admission, "1", hours: 48, naming: "X").insert(.transfer, "2", hours: 24, naming: "Y")
        try await world.state(story.messages[0])
        #expect(try await world.state(story.messages[1])?.isHeld == true)
        #expect(try world.state("V").claims.count == 1 && world.state("V").reference?.patient == World.number("X"))
        #expect(try !world.coordinator.loader.patient(stream("Y")).state.isKnown)

        let admission = HospitalDesk.Admission(
            visit: World.number("V"),
            identity: PatientIdentity(identifier: World.number("Y")),
            at: World.start
        )
        let head = try world.head()
        await #expect(
            performing: {
                _ = try await HospitalDesk(coordinator: world.coordinator)
                    .admit(admission, by: try world.caller(Staff.unitContact), key: RequestKey(key: "k", body: []))
            },
            throws: { ($0 as? Rejection)?.code == .visitOfAnotherPatient }
        )
        #expect(try world.head() == head)
    }

    @Test func aMergeSaysWhetherTheRetiredNumberIsKnown() async throws {
        let world = try await World()
        for (known, name) in [(false, "X"), (true, "Z")] {
            if known { try await world.state(try #require(HospitalStory("").identify(name, name: "ESSAI").messages.first)) }
            let merged = PatientsMerged(
                retired: World.streams.link(World.number(name)),
                survivor: World.streams.link(World.number("Y")),
                statement: World.stamp(9)
            )
            for _ in 1...2 {
                var answer: Bool?
                _ = try await world.coordinator.perform(nil) { work in
                    answer = try work.merge(merged, by: world.author)
                    return []
                }
                #expect(answer == known)
            }
            #expect(try world.recorded(stream(name)).count { $0.type == PatientsMerged.type } == 1)
        }
        #expect(try world.recorded(stream("Y")).map(\.type) == [PatientsMerged.type, PatientsMerged.type])
        #expect(try Set(world.coordinator.loader.person(of: stream("X"))) == Set(["X", "Y", "Z"].map(stream)))
    }

    @Test func onlyAMergeInForceIsUndone() async throws {
        let world = try await World()
        let story = HospitalStory("").identify("X", name: "ESSAI").merge("X", into: "Y")
        for message in story.messages { try await world.state(message) }
        let desk = PatientDesk(coordinator: world.coordinator)
        let referent = try world.caller(Staff.referent)
        func undo(_ retired: String, _ survivor: String, _ key: String) async throws {
            _ = try await desk.undoMerge(retired: stream(retired), survivor: stream(survivor), by: referent, key: RequestKey(key: key, body: []))
        }
        for (retired, survivor) in [("Y", "X"), ("X", "Z")] {
            await #expect(
                performing: { try await undo(retired, survivor, "\(retired)\(survivor)") },
                throws: { ($0 as? Rejection)?.code == .notMerged }
            )
        }
        try await undo("X", "Y", "right")
        #expect(try world.coordinator.loader.person(of: stream("X")) == [stream("X")])
        #expect(try world.recorded(stream("Y")).map(\.type) == [PatientsMerged.type, MergeUndone.type])
        let head = try world.head()
        try await undo("X", "Y", "right")
        #expect(try world.head() == head)
        // The same message again does not merge them anew; a later one does.
        try await world.state(story.messages[1])
        #expect(try world.coordinator.loader.person(of: stream("X")) == [stream("X")])
    }

    /// The planner asks those who cover the home that is known under the surviving number.
    @Test func thePlannerKnowsThePersonUnderAllNumbers() async throws {
        let world = try await World()
        let story = HospitalStory("").identify("Y", name: "ESSAI").merge("X", into: "Y").insert(.admission, "1", hours: 48, naming: "X")
            .insert(.discharge, "2", hours: 0, naming: "X", to: .home)
        for message in story.messages { try await world.state(message) }
        try await world.plan()
        #expect(try world.followUp("nurse-first-visit", of: "V").assignment?.commune == "85047")
    }
}
