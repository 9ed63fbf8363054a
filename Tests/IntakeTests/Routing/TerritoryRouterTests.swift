import Coordination
import EventStore
import HL7v2
import Intake
import LogTesting
import Pathways
import Testing

@Suite("A frame goes to the territory that it is for")
struct TerritoryRouterTests {
    @Test func theCommuneOfTheHomeChooses() async throws {
        let here = try await Territories(3)
        for (index, town) in here.towns.enumerated() {
            let answer = try await here.send(here.message("A01", visit: "V\(index)", patient: "P\(index)", home: town, control: "C\(index)"))
            #expect(answer.code == "AA" && answer.territories == [town.id] && answer.reason == .commune && answer.warnings == [])
            #expect(try town.count(PatientAdmitted.type) == 1 && town.count(MessageReceived.type) == 1)
        }
    }

    @Test func withoutUsableAddressTheFirstOfTheRouteTakesItWithAWarning() async throws {
        let here = try await Territories(3, routes: FeedRoutes([HL7Sender(application: "SIMHOSP", facility: "CHT"): ["sud", "ouest"]]))
        let nowhere = here.message("A01", control: "C1")
        let abroad = here.message("A01", visit: "V2", patient: "P2", control: "C2").with("PID-11", "^^Bruxelles^^1000^BEL^H")
        let unread = here.message("A01", visit: "V3", patient: "P3", home: here.east, control: "C3")
        for message in [nowhere, abroad, unread] {
            let answer = try await here.send(message)
            #expect(answer.territories == ["sud"] && answer.reason == .assumed && answer.warnings == ["territory-assumed"])
            #expect(answer.acknowledgement.errors.contains { $0.applicationCode == "territory-assumed" })
        }
        #expect(try here.towns[2].count(PatientAdmitted.type) == 3 && here.west.events.isEmpty && here.east.events.isEmpty)
    }

    @Test func aKnownVisitStaysWhereItIs() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.east, control: "C1"))
        let transfer = try await here.send(here.message("A02", movement: "2", control: "C2"))
        #expect(transfer.territories == ["est"] && transfer.reason == .visit && transfer.warnings == [])
        // Even with an address that says otherwise: that is for the hand-over to see.
        let moved = try await here.send(here.message("A03", home: here.west, movement: "3", control: "C3"))
        #expect(moved.territories == ["est"] && moved.reason == .visit)
        #expect(try here.east.state("V1").status == .discharged && here.west.events.isEmpty)
    }

    @Test func aPatientWhoIsKnownInOneTerritoryOnlyStaysThere() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.east, control: "C1"))
        let second = try await here.send(here.message("A01", visit: "V2", home: here.west, movement: "9", control: "C2"))
        #expect(second.territories == ["est"] && second.reason == .patient)
    }

    @Test func aRepetitionGetsTheAnswerOfItsTerritory() async throws {
        let here = try await Territories()
        let admission = here.message("A01", home: here.east, control: "C1")
        let first = try await here.send(admission)
        _ = try await here.handOver.settle(here.east.pathway("V1"), of: "est")
        let again = try await here.send(admission)
        #expect(again.bytes == first.bytes && again.reason == .repetition && again.receipt.result == .repeated)
        #expect(try here.west.events.isEmpty && here.east.count(MessageReceived.type) == 1)
    }

    @Test func aControlIDThatIsUsedAnewIsRecognisedToo() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.east, control: "C1"))
        let other = here.message("A02", movement: "2", control: "C1")
        let first = try await here.send(other)
        #expect(first.reason == .visit && first.warnings == ["control-id-reused"])
        let again = try await here.send(other)
        #expect(again.reason == .repetition && again.bytes == first.bytes)
    }

    @Test func anIdentityGoesToEveryoneWhoKnowsThePatient() async throws {
        let here = try await Territories(3)
        let admission = here.message("A01", home: here.east, control: "C1")
        try await here.send(admission)
        _ = await here.towns[2].intake.receive(admission.bytes)
        let update = here.message("A31", home: here.east, control: "C3").with("PID-13", "0251000000")
        let answer = try await here.send(update)
        #expect(answer.territories == ["est", "sud"] && answer.reason == .patient && answer.code == "AA")
        #expect(try here.east.count(PatientIdentified.type) == 2 && here.towns[2].count(PatientIdentified.type) == 2)
        #expect(try here.west.events.isEmpty)
        let again = try await here.send(update)
        #expect(again.bytes == answer.bytes && again.reason == .repetition)
        // Of a patient nobody knows, by the home.
        let stranger = try await here.send(here.message("A28", patient: "P9", home: here.west, control: "C4"))
        #expect(stranger.territories == ["ouest"] && stranger.reason == .commune)
    }

    @Test func aMergeGoesToEveryoneWhoKnowsEitherNumber() async throws {
        let here = try await Territories(3)
        try await here.send(here.message("A28", home: here.east, control: "C1"))
        try await here.send(here.message("A28", patient: "P2", home: here.towns[2], control: "C2"))
        let merge = try await here.send(here.message("A40", control: "C3"))
        #expect(merge.territories == ["est", "sud"] && merge.reason == .patient && merge.code == "AA")
        #expect(try here.east.count(PatientsMerged.type) == 2 && here.towns[2].count(PatientsMerged.type) == 2)
        #expect(try here.west.events.isEmpty)
    }

    @Test func anUpdateOfAVisitCorrectsItWhereItIsKept() async throws {
        let here = try await Territories(2)
        try await here.send(here.message("A01", home: here.east, control: "C1"))
        _ = await here.west.intake.receive(here.message("A28", home: here.east, control: "C2").bytes)
        let update = here.message("A08", home: here.east, control: "C3").with([
            ("PV1-19", "V1^^^CHT&850099995&N^VN"), ("ZBE-1", "1^CHT^850099995"), ("ZBE-2", "20261109080000"), ("ZBE-4", "UPDATE"), ("ZBE-6", "A01"),
        ])
        let answer = try await here.send(update)
        #expect(answer.territories == ["ouest", "est"] && answer.code == "AA")
        #expect(try here.east.count(MovementCorrected.type) == 1)
        #expect(try here.west.count(MovementHeld.type) == 0 && here.west.count(PatientIdentified.type) == 2)
    }

    @Test func whatSpeaksOfNoPatientGoesToTheFirst() async throws {
        let here = try await Territories()
        let answer = try await here.send(here.message("A01", control: "C1").without("PID"))
        #expect(answer.territories == ["ouest"] && answer.reason == .noPatient && answer.code == "AE")
        guard case .noAnswer(.unreadable) = await here.router.receive(Array("nonsense".utf8)) else {
            Issue.record("nonsense was answered")
            return
        }
        #expect(try here.east.events.isEmpty)
    }

    // MARK: - Hand-over

    @Test func afterAHandOverTheNewTerritoryTakesWhatComes() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.west, control: "C1"))
        try await here.send(here.message("A31", home: here.east, control: "C2").with("EVN-2", "20261109090000"))
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        let discharge = try await here.send(here.message("A03", movement: "2", control: "C3"))
        #expect(discharge.territories == ["est"] && discharge.reason == .handedOver && discharge.code == "AA")
        #expect(try here.east.state("V1").status == .discharged && here.west.state("V1").status == .closed)
        #expect(try here.west.count(MessageReceived.type) == 2 && here.east.count(MessageReceived.type) == 1)
    }

    /// Both keep it between the two appends of a hand-over: the one to whom it came goes on with it.
    @Test func inTheMiddleOfAHandOverTheNewTerritoryTakesIt() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.west, control: "C1"))
        try await here.send(here.message("A31", home: here.east, control: "C2").with("EVN-2", "20261109090000"))
        here.west.log.set { $0.refusesAppends = true }
        await #expect(throws: EventStoreError.self) { try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") }
        let discharge = try await here.send(here.message("A03", movement: "2", control: "C3"))
        #expect(discharge.territories == ["est"] && discharge.code == "AA")
        here.west.log.set { $0.refusesAppends = false }
        #expect(try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") == .handedOver(to: "est"))
        #expect(try here.east.state("V1").status == .discharged)
    }

    /// Decided for one territory, and handed over before the append: looked for again, and nothing is refused.
    @Test func aHandOverDuringTheAppendIsFollowed() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.west, control: "C1"))
        try await here.send(here.message("A31", home: here.east, control: "C2").with("EVN-2", "20261109090000"))
        here.west.log.set { $0.beforeAppend = { _ = try await here.handOver.settle(here.west.pathway("V1"), of: "ouest") } }
        let discharge = try await here.send(here.message("A03", movement: "2", control: "C3"))
        #expect(discharge.territories == ["est"] && discharge.reason == .handedOver && discharge.code == "AA")
        #expect(try here.west.count(MessageReceived.type) == 2)
    }

    @Test func outsideTheRouterAHandedOverVisitIsRefusedWithItsReason() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", home: here.west, control: "C1"))
        try await here.send(here.message("A31", home: here.east, control: "C2").with("EVN-2", "20261109090000"))
        _ = try await here.handOver.settle(here.west.pathway("V1"), of: "ouest")
        let alone = try TerritoryRouter([TerritoryIntake(id: "ouest", intake: here.west.intake)], logger: Territories.silence)
        guard case .acknowledge(let bytes, let receipt) = await alone.receive(here.message("A03", movement: "2", control: "C3").bytes) else {
            Issue.record("not answered")
            return
        }
        #expect(try Acknowledgement(try Message(parsing: bytes)).code == .applicationError)
        #expect(receipt.faults.map { "\($0.location)" } == ["PV1-19"] && receipt.routing == nil)
    }

    // MARK: - Trouble

    @Test func aLogThatRefusesAffectsItsOwnPatientsOnly() async throws {
        let here = try await Territories()
        here.west.log.set { $0.refusesAppends = true }
        let own = here.message("A01", home: here.west, control: "C1")
        let refused = try await here.send(own)
        #expect(refused.code == "AR" && refused.receipt.result == .unavailable && refused.territories == ["ouest"])
        let other = try await here.send(here.message("A01", visit: "V2", patient: "P2", home: here.east, control: "C2"))
        #expect(other.code == "AA" && other.territories == ["est"])
        here.west.log.set { $0.refusesAppends = false }
        #expect(try await here.send(own).code == "AA")
    }

    @Test func aLogThatCannotBeReadIsNotGuessedAt() async throws {
        let here = try await Territories()
        try await here.send(here.message("A01", visit: "V2", patient: "P2", home: here.east, control: "C1"))
        here.west.log.set { $0.refusesReads = true }
        let known = try await here.send(here.message("A03", visit: "V2", patient: "P2", movement: "2", control: "C2"))
        #expect(known.code == "AA" && known.territories == ["est"] && known.receipt.routing?.unread == ["ouest"])
        let atHome = try await here.send(here.message("A01", visit: "V3", patient: "P3", home: here.east, control: "C3"))
        #expect(atHome.code == "AA" && atHome.reason == .commune)
        // It may be the other's: nobody takes it, and the hospital sends it again.
        let unknown = try await here.send(here.message("A03", visit: "V4", patient: "P4", control: "C4"))
        #expect(unknown.code == "AR" && unknown.receipt.result == .unavailable)
        #expect(try here.east.count(MessageReceived.type) == 3)
    }

    @Test func anIdentityThatOneCouldNotRecordIsSentAgain() async throws {
        let here = try await Territories()
        let admission = here.message("A01", home: here.west, control: "C1")
        for town in here.towns { _ = await town.intake.receive(admission.bytes) }
        here.east.log.set { $0.refusesAppends = true }
        let update = here.message("A31", home: here.west, control: "C2").with("PID-13", "0251000000")
        #expect(try await here.send(update).code == "AR")
        here.east.log.set { $0.refusesAppends = false }
        let again = try await here.send(update)
        #expect(again.code == "AA" && again.territories == ["ouest", "est"])
        #expect(try here.towns.map { try $0.count(PatientIdentified.type) } == [2, 2])
    }

    @Test func oneTerritoryIsServedAsBefore() async throws {
        let here = try await Territories(1)
        let answer = try await here.send(here.message("A01", control: "C1"))
        #expect(answer.code == "AA" && answer.receipt.routing == nil && answer.warnings == [])
    }

    @Test func aWrongConfigurationIsRefused() async throws {
        let here = try await Territories()
        let west = TerritoryIntake(id: "ouest", intake: here.west.intake)
        #expect(throws: FeedRouteError.noTerritory) { try TerritoryRouter([], logger: Territories.silence) }
        #expect(throws: FeedRouteError.territoryTwice("ouest")) { try TerritoryRouter([west, west], logger: Territories.silence) }
        let sender = HL7Sender(application: "SIMHOSP", facility: "CHT")
        #expect(throws: FeedRouteError.unknownTerritory("nord", sender)) {
            try TerritoryRouter([west], routes: FeedRoutes([sender: ["nord"]]), logger: Territories.silence)
        }
    }
}
