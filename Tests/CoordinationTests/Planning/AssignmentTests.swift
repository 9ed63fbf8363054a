import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

extension Assignment {
    /// Without what everybody had in hand: nothing, in these stories.
    fileprivate var unweighed: Assignment {
        loads.allSatisfy { $0.inHand == 0 }
            ? Assignment(basis: basis, order: order, alone: alone, reason: reason, commune: commune) : self
    }
}

/// Whom the planner asks, and what it writes down about it.
@Suite struct AssignmentTests {
    private static let away = "{from: 2026-11-10, to: 2026-11-20}"

    private func declared(_ rpps: String, _ role: CareRole = .attendingGP) -> [DeclaredProfessional] {
        [DeclaredProfessional(role: role, rpps: rpps)]
    }

    /// The published order, computed here apart from the directory's own code.
    private func published(_ followUp: FollowUp, among people: [String]) throws -> [String] {
        try people.map { (RotationOrder.rank(seed: Array(followUp.id.utf8), rpps: try RPPS($0)), $0) }.sorted { $0 < $1 }.map(\.1)
    }

    @Test(arguments: LogKind.allCases)
    func thePatientsOwnDoctorIsAskedFirstAndAlone(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome(declared: declared(Staff.gps[1]))
        let followUp = try world.followUp("gp-visit")
        let assignment = try #require(followUp.assignment)
        let others = try published(followUp, among: Staff.gps.filter { $0 != Staff.gps[1] })
        #expect(assignment.unweighed == Assignment(basis: .declared, order: [Staff.gps[1]] + others, commune: "85047"))
        #expect(followUp.pendingOffers.map(\.to) == [Staff.gps[1]])
        try await world.act(.decline(.noCapacity), on: followUp, by: Staff.gps[1])
        try await world.plan()
        #expect(try world.followUp("gp-visit").pendingOffers.map(\.to) == others)
    }

    @Test(arguments: [Staff.stranger, "12345678901", "not a number"])
    func aDoctorWhoIsNotInTheDirectoryIsNotReplaced(rpps: String) async throws {
        let world = try await World()
        try await world.returnHome(declared: declared(rpps))
        let followUp = try world.followUp("gp-visit")
        #expect(followUp.assignment?.unweighed == Assignment(basis: .none, order: [], reason: "declared-not-in-directory"))
        #expect(followUp.offers.isEmpty)
        #expect(followUp.status == .open)
        #expect(followUp.nextDeadline?.at == followUp.plan.dueBy)
        // The others of the pathway are asked all the same.
        #expect(try world.followUp("nurse-first-visit").pendingOffers.count == 3)
        try await world.act(.accept, on: followUp, by: Staff.referent)
    }

    @Test func whoeverIsAwayIsCoveredWithTheReason() async throws {
        var territory = SmallTerritory()
        territory.setAbsence(of: Staff.gps[1], Self.away)
        let world = try await World(publishing: territory)
        try await world.returnHome(declared: declared(Staff.gps[1]))
        let followUp = try world.followUp("gp-visit")
        let others = try published(followUp, among: Staff.gps.filter { $0 != Staff.gps[1] })
        #expect(followUp.assignment?.unweighed == Assignment(basis: .coverage, order: others, reason: "declared-absent", commune: "85047"))
        #expect(followUp.pendingOffers.map(\.to) == others)
    }

    /// Who stands in for the patient's own professional is asked like them, wherever they take patients otherwise.
    @Test(arguments: LogKind.allCases)
    func whoStandsInForThePatientsOwnDoctorIsAskedAlone(kind: LogKind) async throws {
        var territory = SmallTerritory()
        let substitute = Staff.rpps(30)
        territory.people.append(.init(rpps: substitute, role: "attending-gp", communes: []))
        territory.setAbsence(of: Staff.gps[1], "{from: 2026-11-10, to: 2026-11-20, replacement: \"\(substitute)\"}")
        let world = try await World(kind, publishing: territory)
        try await world.returnHome(declared: declared(Staff.gps[1]))
        let followUp = try world.followUp("gp-visit")
        #expect(followUp.pendingOffers.map(\.to) == [substitute])
        let assignment = try #require(followUp.assignment)
        #expect(assignment.basis == .declared && assignment.alone == 1 && assignment.reason == "declared-absent")
        #expect(Set(assignment.order.dropFirst()) == Set(Staff.gps).subtracting([Staff.gps[1]]))
    }

    @Test func aReplacementWhoIsAwayTooIsNotAsked() async throws {
        var territory = SmallTerritory()
        territory.setAbsence(of: Staff.gps[0], Self.away)
        territory.setAbsence(of: Staff.gps[1], "{from: 2026-11-10, to: 2026-11-20, replacement: \"\(Staff.gps[0])\"}")
        let world = try await World(publishing: territory)
        try await world.returnHome(declared: declared(Staff.gps[1]))
        let assignment = try world.followUp("gp-visit").assignment
        #expect(assignment?.basis == .coverage && assignment?.reason == "declared-absent")
    }

    @Test func theUnitsContactIsStoodInForToo() async throws {
        var territory = SmallTerritory()
        let substitute = Staff.rpps(3)
        territory.people.append(.init(rpps: substitute, role: "discharging-unit", communes: []))
        territory.setAbsence(of: Staff.unitContact, "{from: 2026-11-10, to: 2026-11-20, replacement: \"\(substitute)\"}")
        let world = try await World(publishing: territory)
        try await world.returnHome()
        #expect(try world.followUp("liaison-letter").assignment == Assignment(basis: .unit, order: [substitute]))
    }

    /// Away when the planner decides, whenever the discharge was.
    @Test func anAbsenceThatIsOverCountsNoMore() async throws {
        var territory = SmallTerritory()
        territory.setAbsence(of: Staff.gps[1], Self.away)
        let world = try await World(publishing: territory)
        try await world.admit(declared: declared(Staff.gps[1]))
        try await world.discharge()
        world.clock.set(at("2026-11-21T00:00:00+01:00"))
        try await world.plan()
        #expect(try world.followUp("gp-visit").assignment?.basis == .declared)
    }

    @Test(arguments: LogKind.allCases)
    func coverageFollowsThePublishedOrder(kind: LogKind) async throws {
        let world = try await World(kind)
        var firsts: Set<String> = []
        for number in 1...12 {
            try await world.admit("V\(number)")
            try await world.discharge("V\(number)")
        }
        try await world.plan()
        for number in 1...12 {
            for (rule, people) in [("nurse-first-visit", Staff.nurses), ("gp-visit", Staff.gps), ("pharmacy-reconciliation", Staff.pharmacists)] {
                let followUp = try world.followUp(rule, of: "V\(number)")
                let order = try published(followUp, among: people)
                #expect(followUp.assignment?.unweighed == Assignment(basis: .coverage, order: order, commune: "85047"))
                #expect(followUp.pendingOffers.map(\.to) == Array(order.prefix(3)))
                if rule == "nurse-first-visit" { firsts.formUnion(order.prefix(1)) }
            }
        }
        #expect(firsts.count > 2, "one nurse is always asked first")
    }

    @Test func aReplacementStandsInForWhoeverIsAway() async throws {
        var territory = SmallTerritory()
        let substitute = Staff.rpps(30)
        territory.people.append(.init(rpps: substitute, role: "nurse", communes: []))
        territory.setAbsence(of: Staff.nurses[0], "{from: 2026-11-10, to: 2026-11-20, replacement: \"\(substitute)\"}")
        let world = try await World(publishing: territory)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        #expect(followUp.assignment?.order == (try published(followUp, among: Array(Staff.nurses.dropFirst()) + [substitute])))
    }

    @Test(arguments: [
        (PatientAddress(city: "Nantes", postalCode: "44000"), "postal-code-outside"),
        (PatientAddress(city: "Challans", postalCode: "85300", cog: "75056"), "code-outside"),
        (PatientAddress(city: "Le Bourg", postalCode: "85300"), "city-unknown-for-postal-code"),
        (PatientAddress(city: "Challans"), "postal-code-missing"),
        (PatientAddress(postalCode: "85300"), "city-missing"),
        (PatientAddress(city: "Challans", postalCode: "8530"), "postal-code-malformed"),
        (PatientAddress(), "address-missing"),
        (nil, "address-missing"),
        (PatientAddress(city: "La Garnache", postalCode: "85710"), "nobody-covers-commune"),
    ])
    func whereNobodyCanBeAskedTheReferentIsToldWhy(address: PatientAddress?, reason: String) async throws {
        let world = try await World()
        try await world.returnHome(address: address)
        let followUp = try world.followUp("nurse-first-visit")
        #expect(followUp.assignment?.basis == Assignment.Basis.none)
        #expect(followUp.assignment?.reason == reason)
        #expect(followUp.assignment?.order == [])
        #expect(followUp.offers.isEmpty)
        #expect(followUp.status == .open)
        let head = try world.head()
        try await world.plan()
        #expect(try world.head() == head)
    }

    @Test func aDeclaredDoctorIsAskedEvenWhereTheAddressSaysNothing() async throws {
        let world = try await World()
        try await world.returnHome(address: nil, declared: declared(Staff.gps[0]))
        #expect(try world.followUp("gp-visit").assignment?.unweighed == Assignment(basis: .declared, order: [Staff.gps[0]]))
    }

    @Test(arguments: [("MEDE", Assignment(basis: .unit, order: [Staff.unitContact])), ("CARD", nil), ("NONE", nil), (nil, nil)])
    func theLetterIsTheDischargingUnits(unit: String?, assignment: Assignment?) async throws {
        let world = try await World()
        try await world.returnHome(unit: unit)
        let expected = assignment ?? Assignment(basis: .none, order: [], reason: "unit-without-contact")
        #expect(try world.followUp("liaison-letter").assignment == expected)
    }

    @Test func whatTheReferentMustDoIsOfferedToNobody() async throws {
        let world = try await World()
        try await world.admit()
        try await world.discharge(to: .unknown)
        try await world.plan()
        #expect(try world.followUp("ask-destination").assignment == Assignment(basis: .none, order: [], reason: "referent-role"))
    }
}
