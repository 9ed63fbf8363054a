import Coordination
import EventStore
import LogTesting
import Pathways
import Testing
import Timekeeping

@Suite("A pathway goes where its patient lives")
struct HandOverTests {
    @Test(arguments: LogKind.allCases)
    func theNewTerritoryGoesOnAndTheOldOneIsClosed(kind: LogKind) async throws {
        let here = try await Neighbourhood(kind)
        let (west, east) = (here.west, here.east)
        try await here.admit(home: west.address, in: west)
        try await here.discharge(home: nil, in: west)
        try await here.plan(west)
        let before = try west.state()
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .stays)

        try await here.state(nil, home: east.address, in: west)
        let said = try #require(try west.log.read(after: 0, limit: .max).last)
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))

        let old = try west.state()
        let new = try east.state()
        #expect(old.status == .closed && new.status == .discharged)
        #expect(new.history == before.history && new.stay == before.stay)
        let taken = try #require(new.takenOver)
        #expect(taken.from == "ouest" && taken.position == said.position && taken.event == said.id.description && taken.number == 1)
        #expect(taken.pathway.visit == before.reference?.visit && taken.pathway.patientStream != before.reference?.patientStream)
        let recorded = try #require(try east.log.read(stream: east.pathway("V1"), fromVersion: 1, limit: 1).first)
        #expect(recorded.type == PathwayTakenOver.type && recorded.source == HandOver.source)
        #expect(old.handedOver == PathwayHandedOver(to: "est", reason: .moved, event: recorded.id.description))

        let nurse = try #require(old.followUps.first { $0.plan.role == .nurse })
        #expect(old.followUps.allSatisfy { $0.withdrawal == .moved } && nurse.toldOfWithdrawal == [west.nurse])
        let patient = east.coordinator.streams.patient(LocalIdentifier(authority: "CHT", value: "P1"))
        #expect(try east.coordinator.loader.patient(patient).state.identity?.address == east.address)

        // Each territory plans with its own people, and the old one no more.
        try await here.plan(east)
        try await here.plan(west)
        let asked = try #require(try east.state().followUps.first { $0.plan.role == .nurse })
        #expect(asked.pendingOffers.map(\.to) == [east.nurse])
        #expect(Set(try east.state().followUps.map(\.id)).isDisjoint(with: old.followUps.map(\.id)))
        #expect(try west.state() == old)
    }

    /// A statement without an address says nothing of it, in the new log either: what that one knew from a later one stands.
    @Test func eachStatementOfThePatientKeepsItsDate() async throws {
        let here = try await Neighbourhood()
        try await here.state(nil, home: here.east.address, in: here.west)
        let later = PatientAddress(line: "2 rue de l'Essai", city: here.east.address.city, postalCode: here.east.address.postalCode)
        try await here.state(nil, home: later, in: here.east)
        try await here.admit(home: nil, in: here.west)
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        let patient = here.east.coordinator.streams.patient(LocalIdentifier(authority: "CHT", value: "P1"))
        #expect(try here.east.coordinator.loader.patient(patient).state.identity?.address == later)
    }

    @Test func doneTwiceItIsDoneOnce() async throws {
        let here = try await Neighbourhood()
        try await here.admit(home: here.east.address, in: here.west)
        let pathway = here.west.pathway("V1")
        #expect(try await here.handOver.settle(pathway, of: "ouest") == .handedOver(to: "est"))
        let heads = try here.towns.map { try $0.head() }
        #expect(try await here.handOver.settle(pathway, of: "ouest") == .stays)
        #expect(try await here.handOver.settle(here.east.pathway("V1"), of: "est") == .stays)
        #expect(try here.towns.map { try $0.head() } == heads)
    }

    static let homes: [PatientAddress?] = [
        nil, PatientAddress(city: "Challans", postalCode: "85300"), PatientAddress(city: "Challans"),
        PatientAddress(city: "Brest", postalCode: "29200"),
        PatientAddress(cog: "99109"), PatientAddress(city: "Nulle-Part", postalCode: "85000"),
    ]

    @Test(arguments: homes.indices)
    func anAddressThatIsNotCertainlyElsewhereMovesNothing(index: Int) async throws {
        let here = try await Neighbourhood()
        try await here.admit(home: Self.homes[index], in: here.west)
        let head = try here.east.head()
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") == .stays)
        #expect(try here.east.head() == head)
    }

    @Test func aFeedThatDoesNotConcernATerritoryHandsNothingToIt() async throws {
        let here = try await Neighbourhood(count: 3)
        let routes = FeedRoutes([HL7Sender(application: "SIMHOSP", facility: "CHT"): ["ouest", "est"]])
        let handOver = HandOver(here.towns.map(\.served), routes: routes)
        try await here.admit(home: here.towns[2].address, in: here.west)
        #expect(try await handOver.settle(here.west.pathway("V1"), of: "ouest") == .stays)
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") == .handedOver(to: "sud"))
    }

    @Test func whatIsUnknownOrOverStays() async throws {
        let here = try await Neighbourhood()
        #expect(try await here.handOver.settle(here.west.pathway("V9"), of: "ouest") == .stays)
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "nord") == .stays)
        try await here.admit(home: here.west.address, in: here.west)
        let death = VisitReport.movement(.discharge, here.movement("2", World.start), DischargeMode(destination: .death))
        try await here.state(death, home: here.east.address, in: here.west)
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") == .stays)
    }

    @Test func aVisitThatIsAnotherPatientsThereStaysAndSaysSo() async throws {
        let here = try await Neighbourhood()
        let admission = VisitReport.movement(.admission, here.movement("1", World.start.adding(days: -2)), nil)
        try await here.state(admission, home: nil, patient: "P2", in: here.east)
        try await here.admit(home: here.east.address, in: here.west)
        await #expect(throws: Rejection(.visitOfAnotherPatient, "this visit is known here for another patient (A44 moves a visit)")) {
            try await here.handOver.settle(here.west.pathway("V1"), of: "ouest")
        }
        #expect(try here.west.state().status == .admitted)
    }

    // MARK: - Erased

    /// The patient was away and back when they are erased here; then they come again, and still live there. The number goes on.
    @Test(arguments: LogKind.allCases)
    func anErasureBetweenHoldsNothingUp(kind: LogKind) async throws {
        let here = try await Neighbourhood(kind, isSealed: true)
        let (west, east) = (here.west, here.east)
        func state(_ town: Neighbourhood.Town) throws -> Pathway { try town.coordinator.loader.pathway(town.pathway("V1")).state }
        try await here.admit(home: east.address, in: west)
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        try await here.state(nil, home: west.address, in: east)
        #expect(try await here.handOver.settle(east.pathway("V1"), of: "est") == .handedOver(to: "ouest"))
        #expect(try state(west).handOverNumber == 2)

        let desk = ErasureDesk(coordinator: west.coordinator, keys: try #require(west.keys))
        let referent = try Caller(urn: west.referent, in: west.coordinator.loader.territory(west.coordinator.streams.territory).state)
        let patient = west.coordinator.streams.patient(LocalIdentifier(authority: "CHT", value: "P1"))
        for _ in 0..<2 { _ = try await desk.erase([patient], reason: .requestOfPatient, by: referent) }
        #expect(try state(west).reference == nil && state(west).handOverNumber == 2)

        try await here.admit(home: east.address, in: west)
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        #expect(try state(east).handOverNumber == 3 && state(east).status == .admitted && state(west).status == .closed)
    }

    // MARK: - Broken off

    /// The old log fails after the new one took the pathway over; meanwhile the patient is said to be back. The hand-over is completed all
    /// the same, by the take-over that is there, and then the pathway comes back by a second one.
    @Test(arguments: LogKind.allCases)
    func brokenOffBetweenTheTwoAppendsItIsCompleted(kind: LogKind) async throws {
        let here = try await Neighbourhood(kind)
        let (west, east) = (here.west, here.east)
        try await here.admit(home: east.address, in: west)
        try await here.discharge(home: nil, in: west)
        try await here.plan(west)
        west.log.set { $0.refusesAppends = true }
        await #expect(throws: EventStoreError.self) { try await here.handOver.settle(west.pathway("V1"), of: "ouest") }
        #expect(try west.state().isOpen && east.state().isOpen)

        west.log.set { $0.refusesAppends = false }
        try await here.state(nil, home: west.address, in: west)
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        #expect(try west.state().status == .closed)
        #expect(try east.events().count { if case .pathwayTakenOver = $0 { true } else { false } } == 1)

        #expect(try await here.handOver.settle(east.pathway("V1"), of: "est") == .handedOver(to: "ouest"))
        try await here.plan(west)
        let back = try west.state()
        #expect(back.handOverNumber == 2 && back.isOpen && back.followUps.allSatisfy { $0.status == .open })
        #expect(try east.state().status == .closed)
    }

    /// What the old log learns while the new one is being told reaches the new one too, before the old one is closed.
    @Test func aReportThatComesBetweenIsToldToo() async throws {
        let here = try await Neighbourhood()
        let west = here.west
        try await here.admit(home: here.east.address, in: west)
        west.log.set { $0.beforeAppend = { try await here.discharge(home: nil, in: west) } }
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        #expect(try west.state().history.stay == here.east.state().stay)
        #expect(try here.east.state().status == .discharged)
    }

    @Test func aThirdTerritoryThatTookItMeanwhileIsToldInstead() async throws {
        let here = try await Neighbourhood(count: 3)
        let (west, east, south) = (here.west, here.east, here.towns[2])
        try await here.admit(home: east.address, in: west)
        west.log.set { $0.refusesAppends = true }
        await #expect(throws: EventStoreError.self) { try await here.handOver.settle(west.pathway("V1"), of: "ouest") }
        try await here.state(nil, home: south.address, in: east)
        #expect(try await here.handOver.settle(east.pathway("V1"), of: "est") == .handedOver(to: "sud"))
        west.log.set { $0.refusesAppends = false }
        try await here.discharge(home: nil, in: west)
        #expect(try await here.handOver.settle(west.pathway("V1"), of: "ouest") == .handedOver(to: "sud"))
        #expect(try south.state().status == .discharged && west.state().status == .closed && east.state().status == .closed)
        #expect(try south.state().handOverNumber == 2)
    }
}
