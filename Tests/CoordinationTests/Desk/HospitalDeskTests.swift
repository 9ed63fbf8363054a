import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct HospitalDeskTests {
    private let visit = LocalIdentifier(authority: "CHT", value: "V1")

    private func admission(_ name: String? = "Louise") -> HospitalDesk.Admission {
        let identity = PatientIdentity(
            identifier: LocalIdentifier(authority: "CHT", value: "P1"),
            birthFamilyName: "ESSAI",
            givenName: name,
            address: World.challans
        )
        return .init(
            visit: visit,
            identity: identity,
            at: World.start.adding(days: -2),
            unit: MedicalUnitReference(code: "MEDE", authority: "CHT"),
            declared: [DeclaredProfessional(role: .attendingGP, rpps: Staff.gps[0])]
        )
    }

    private func key(_ text: String) -> RequestKey { RequestKey(key: text, body: Array(text.utf8)) }

    @Test(arguments: LogKind.allCases)
    func aStayIsToldFromAdmissionToHome(kind: LogKind) async throws {
        let world = try await World(kind)
        let desk = HospitalDesk(coordinator: world.coordinator)
        let hospital = try world.caller(Staff.unitContact)
        let (pathway, _) = try await desk.admit(admission(), by: hospital, key: key("in"))
        let tomorrow = World.start.adding(days: 1)
        _ = try await desk.perform(.planDischarge(at: tomorrow), on: pathway, by: hospital, key: key("plan"))
        #expect(try world.state().plannedDischargeAt == tomorrow)
        let home = DischargeMode(destination: .home)
        _ = try await desk.perform(.discharge(at: World.start, home), on: pathway, by: hospital, key: key("out"))
        try await world.plan()
        let discharged = try world.state()
        #expect(discharged.status == .discharged)
        #expect(discharged.stay.unit?.code == "MEDE")
        #expect(discharged.followUps.map(\.status) == [.open, .open, .open, .open])
        let evidence = HospitalDesk.Step.confirmHomeReturn(at: World.start.adding(hours: 2), .hospitalTransport)
        _ = try await desk.perform(evidence, on: pathway, by: hospital, key: key("home"))
        let atHome = try world.state()
        #expect(atHome.status == .atHome)
        #expect(atHome.homeReturn?.by == Attribution(rpps: Staff.unitContact, capacity: .hospital))
        #expect(atHome.homeReturn?.howKnown == .hospitalTransport)
        #expect(try world.recorded(pathway).filter { $0.source.hasPrefix("urn:rpps:") }.allSatisfy { $0.actor == hospital.urn })
    }

    /// Under another key each time, as somebody does who did not see the first answer.
    @Test(arguments: LogKind.allCases)
    func typingTwiceMakesOneMovement(kind: LogKind) async throws {
        let world = try await World(kind)
        let desk = HospitalDesk(coordinator: world.coordinator)
        let hospital = try world.caller(Staff.unitContact)
        let discharge = HospitalDesk.Step.discharge(at: World.start, DischargeMode(destination: .home))
        for attempt in 1...2 {
            let (pathway, _) = try await desk.admit(admission(), by: hospital, key: key("in\(attempt)"))
            if attempt == 2 { #expect(try world.count(PatientDischarged.type) == 0) }
            #expect(pathway == world.pathway())
        }
        for attempt in 1...2 {
            world.clock.advance(hours: 1)
            _ = try await desk.perform(discharge, on: world.pathway(), by: hospital, key: key("out\(attempt)"))
        }
        #expect(try world.count(PatientIdentified.type) == 1)
        #expect(try world.count(PatientAdmitted.type) == 1)
        #expect(try world.count(PatientDischarged.type) == 1)
        try await world.plan()
        #expect(try world.state().followUps.count == 4)
    }

    @Test func theSameKeyIsAnsweredAgain() async throws {
        let world = try await World()
        let desk = HospitalDesk(coordinator: world.coordinator)
        let hospital = try world.caller(Staff.unitContact)
        let first = try await desk.admit(admission(), by: hospital, key: key("in"))
        let second = try await desk.admit(admission(), by: hospital, key: key("in"))
        #expect(second.0 == first.0)
        #expect(second.1 == .repeated(answer: [], position: first.1.position))
    }

    @Test func anotherBodyUnderTheSameKeyIsRefusedAndRecorded() async throws {
        let world = try await World()
        let desk = HospitalDesk(coordinator: world.coordinator)
        let hospital = try world.caller(Staff.unitContact)
        _ = try await desk.admit(admission(), by: hospital, key: RequestKey(key: "in", body: [1]))
        await #expect(
            performing: {
                _ = try await desk.admit(admission("Anne"), by: hospital, key: RequestKey(key: "in", body: [2]))
            },
            throws: { ($0 as? EventStoreError)?.code == .commandKeyReused }
        )
        #expect(try world.count(CommandKeyReused.type) == 1)
        #expect(try world.count(PatientIdentified.type) == 1)
    }

    @Test(arguments: [
        (HospitalDesk.Step.discharge(at: World.start, DischargeMode(destination: .home)), Rejection.Code.unknownPathway),
        (.planDischarge(at: World.start), .unknownPathway),
        (.confirmHomeReturn(at: World.start, .visit), .unknownPathway),
    ])
    func anUnknownPathwayIsRefused(step: HospitalDesk.Step, code: Rejection.Code) async throws {
        let world = try await World()
        let head = try world.head()
        await #expect(
            performing: {
                _ = try await HospitalDesk(coordinator: world.coordinator)
                    .perform(step, on: world.pathway("nowhere"), by: try world.caller(Staff.unitContact), key: key("k"))
            },
            throws: { ($0 as? Rejection)?.code == code }
        )
        #expect(try world.head() == head)
    }

    @Test func whoeverLeftCannotLeaveAgain() async throws {
        let world = try await World()
        try await world.admit()
        try await world.discharge()
        let later = HospitalDesk.Step.discharge(at: World.start.adding(hours: 5), DischargeMode(destination: .home))
        await #expect(
            performing: {
                _ = try await HospitalDesk(coordinator: world.coordinator)
                    .perform(later, on: world.pathway(), by: try world.caller(Staff.unitContact), key: key("k"))
            },
            throws: { ($0 as? Rejection)?.code == .notAdmitted }
        )
        #expect(try world.count(PatientDischarged.type) == 1)
    }
}
