import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct PatientDeskTests {
    private let desk = { (world: World) in PatientDesk(coordinator: world.coordinator) }

    private func patient(_ world: World, _ visit: String = "V1") -> StreamID {
        World.streams.patient(LocalIdentifier(authority: "CHT", value: "P-\(visit)"))
    }

    private func state(_ world: World) throws -> Patient {
        var state = Patient()
        for event in try world.recorded(patient(world)) {
            if let decoded = try DomainEvent(type: event.type, payload: event.payload) { state.evolve(with: decoded) }
        }
        return state
    }

    private func key(_ text: String) -> RequestKey { RequestKey(key: text, body: Array(text.utf8)) }

    @Test(arguments: LogKind.allCases)
    func oppositionMasksUntilItIsLifted(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        let caller = try world.caller(Staff.referent)
        let said = World.start.adding(hours: -3)
        _ = try await desk(world).oppose(.sharing, statedAt: said, for: patient(world), by: caller, key: key("1"))
        #expect(try state(world).isOpposed && state(world).shownIdentity == nil && state(world).identity != nil)
        let recorded = try #require(try world.recorded(patient(world)).last)
        #expect(recorded.time == said && recorded.actor == "urn:rpps:\(Staff.referent)")
        // The same again, under its key or another, records nothing.
        let head = try world.head()
        _ = try await desk(world).oppose(.sharing, statedAt: said, for: patient(world), by: caller, key: key("1"))
        _ = try await desk(world).oppose(.processing, statedAt: said, for: patient(world), by: caller, key: key("2"))
        #expect(try world.head() == head)
        _ = try await desk(world).liftOpposition(statedAt: World.start, for: patient(world), by: caller, key: key("3"))
        #expect(try !state(world).isOpposed && state(world).shownIdentity != nil)
        _ = try await desk(world).liftOpposition(statedAt: World.start, for: patient(world), by: caller, key: key("4"))
        #expect(try world.head() == head + 1)
    }

    @Test(arguments: LogKind.allCases)
    func consentIsKeptWithItsBasisUntilItIsWithdrawn(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        let caller = try world.caller(Staff.referent)
        let said = World.start.adding(hours: -3)
        _ = try await desk(world)
            .recordConsent(.consentShare, notice: "2026-01", statedAt: said, for: patient(world), by: caller, key: key("1"))
        #expect(try state(world).consents.map(\.basis) == [.consentShare])
        #expect(try state(world).consents.first?.noticeVersion == "2026-01")
        let head = try world.head()
        _ = try await desk(world)
            .recordConsent(.consentShare, notice: "2026-01", statedAt: said, for: patient(world), by: caller, key: key("2"))
        #expect(try world.head() == head)
        // Of another basis nothing is withdrawn.
        _ = try await desk(world).withdrawConsent(.team3, statedAt: World.start, for: patient(world), by: caller, key: key("3"))
        #expect(try world.head() == head)
        _ = try await desk(world).withdrawConsent(.consentShare, statedAt: World.start, for: patient(world), by: caller, key: key("4"))
        #expect(try state(world).consents.isEmpty)
        await #expect(
            performing: {
                let unknown = World.streams.patient(World.number("nobody"))
                _ = try await desk(world).recordConsent(.team3, notice: nil, statedAt: said, for: unknown, by: caller, key: key("5"))
            },
            throws: { ($0 as? Rejection)?.code == .unknownPatient }
        )
    }

    @Test func aCorrectionStandsAgainstTheFeed() async throws {
        let world = try await World()
        try await world.admit()
        let caller = try world.caller(Staff.referent)
        let correction = IdentityCorrection(birthFamilyName: "DUPONT", removed: [.address])
        _ = try await desk(world).correctIdentity(correction, reason: .civilStatus, of: patient(world), by: caller, key: key("1"))
        #expect(try state(world).identity?.birthFamilyName == "DUPONT" && state(world).identity?.address == nil)
        // The feed goes on stating what it knows; what was not corrected follows it.
        let identity = PatientIdentity(
            identifier: LocalIdentifier(authority: "CHT", value: "P-V1"),
            birthFamilyName: "ESSAI",
            givenName: "Louison",
            address: World.challans
        )
        let later = Statement(recordedAt: World.start.adding(hours: 5), sentAt: World.start.adding(hours: 5), controlID: "later", digest: "0")
        _ = try await world.coordinator.perform(nil) { work in
            try work.identify(PatientIdentified(identity: identity, statement: later), on: patient(world), by: world.author)
            return []
        }
        let known = try #require(try state(world).identity)
        #expect(known.birthFamilyName == "DUPONT" && known.givenName == "Louison" && known.address == nil)
        let head = try world.head()
        _ = try await desk(world).correctIdentity(correction, reason: .civilStatus, of: patient(world), by: caller, key: key("2"))
        #expect(try world.head() == head)
    }

    @Test func nothingIsDoneForAnUnknownPatientOrWithoutACorrection() async throws {
        let world = try await World()
        try await world.admit()
        let caller = try world.caller(Staff.referent)
        func code(_ body: () async throws -> Coordinator.Outcome) async -> Rejection.Code? {
            do {
                _ = try await body()
                return nil
            } catch {
                return (error as? Rejection)?.code
            }
        }
        let stranger = patient(world, "V9")
        let head = try world.head()
        let opposed = await code { try await desk(world).oppose(.sharing, statedAt: World.start, for: stranger, by: caller, key: key("1")) }
        let lifted = await code { try await desk(world).liftOpposition(statedAt: World.start, for: stranger, by: caller, key: key("2")) }
        #expect(opposed == .unknownPatient && lifted == .unknownPatient)
        #expect(
            await code {
                try await desk(world).correctIdentity(IdentityCorrection(), reason: .other, of: patient(world), by: caller, key: key("3"))
            } == .nothingToCorrect
        )
        #expect(try world.head() == head)
    }

    @Test(arguments: LogKind.allCases)
    func aNoteIsTakenBackByItsAuthorOrTheReferent(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        let other = try #require(Staff.nurses.first { $0 != nurse })
        try await world.act(.accept, on: followUp, by: nurse)
        let accepted = try #require(try world.recorded(world.pathway()).last)
        try await world.act(.note("porte à gauche"), on: followUp, by: nurse)
        let note = try #require(try world.recorded(world.pathway()).last)
        func retract(_ entry: EventID, by rpps: String, _ name: String) async throws -> Rejection.Code? {
            do {
                let caller = try world.caller(rpps)
                _ = try await desk(world).retract(entry, in: world.pathway(), reason: .mistaken, by: caller, key: key(name))
                return nil
            } catch let rejection as Rejection {
                return rejection.code
            }
        }
        #expect(try await retract(note.id, by: other, "1") == .notYours)
        #expect(try await retract(accepted.id, by: nurse, "2") == .notANote)
        #expect(try await retract(try #require(EventID(bytes: [UInt8](repeating: 1, count: 16))), by: nurse, "3") == .unknownEntry)
        #expect(try await retract(note.id, by: nurse, "4") == nil)
        #expect(try world.state().retracted == [note.id.description])
        let head = try world.head()
        #expect(try await retract(note.id, by: Staff.referent, "5") == nil)
        #expect(try world.head() == head)
    }
}
