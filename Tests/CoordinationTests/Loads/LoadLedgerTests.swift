import Coordination
import EventStore
import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

/// The contract of all ledgers: they count the same, whatever they keep.
@Suite struct LoadLedgerTests {
    enum Kind: CaseIterable, CustomTestStringConvertible {
        case memory
        case sqlite

        var testDescription: String { self == .memory ? "in memory" : "SQLite" }

        func make(for world: World, reading coordinator: Coordinator? = nil) throws -> any LoadLedger {
            let loader = (coordinator ?? world.coordinator).loader
            return switch self {
            case .memory: InMemoryLoadLedger(loader: loader)
            case .sqlite: SQLiteLoadLedger(store: try world.store(), loader: loader)
            }
        }
    }

    private let nurse = Staff.nurses[0]
    private let other = Staff.nurses[1]

    private func record(_ event: some EventBody, in visit: String = "V1", _ world: World, inClear: Bool = false) async throws {
        _ = try await world.coordinator.perform(nil) { work in
            work.record(event, on: world.pathway(visit), by: world.author, isInClear: inClear)
            return []
        }
    }

    private func accept(_ id: String, by rpps: String, in visit: String = "V1", _ world: World) async throws {
        try await record(FollowUpAccepted(followUp: id, at: World.start, by: Attribution(rpps: rpps)), in: visit, world)
    }

    private func withdraw(_ ids: [String], _ world: World) async throws {
        let withdrawals = ids.map { FollowUpsWithdrawn.Withdrawal(followUp: $0, reason: .dischargeChanged, told: []) }
        try await record(FollowUpsWithdrawn(withdrawals: withdrawals), world)
    }

    @Test(arguments: Kind.allCases)
    func anEmptyLogLoadsNobody(kind: Kind) async throws {
        let world = try await World(publishing: nil)
        let loads = try kind.make(for: world).loads()
        #expect(loads == Loads())
        #expect(loads.inHand(of: nurse) == 0)
        #expect(loads.inHand(ofTeam: []) == 0)
    }

    @Test(arguments: Kind.allCases)
    func whatIsAcceptedCountsUntilItEnds(kind: Kind) async throws {
        let world = try await World()
        let ledger = try kind.make(for: world)
        for id in ["a", "b", "c", "d", "e"] { try await accept(id, by: nurse, world) }
        try await accept("f", by: other, in: "V2", world)
        #expect(try ledger.loads() == Loads(position: try world.head(), counts: [nurse: 5, other: 1]))

        try await record(FollowUpDeclined(followUp: "a", by: Attribution(rpps: nurse), reason: .absent, givenBack: true), world)
        try await record(FollowUpDeclined(followUp: "b", by: Attribution(rpps: other), reason: .absent), world)
        try await record(FollowUpCompleted(followUp: "c", at: World.start, by: Attribution(rpps: nurse), outcome: .done), world)
        try await withdraw(["d", "unknown"], world)
        #expect(try ledger.loads() == Loads(position: try world.head(), counts: [nurse: 2, other: 1]))

        // Whoever takes what was given back has it; the référent-parcours may report it done.
        try await accept("a", by: other, world)
        let referent = Attribution(rpps: Staff.referent, capacity: .referent)
        try await record(FollowUpCompleted(followUp: "f", at: World.start, by: referent, outcome: .done), in: "V2", world)
        #expect(try ledger.loads() == Loads(position: try world.head(), counts: [nurse: 2, other: 1]))
    }

    @Test(arguments: Kind.allCases)
    func whatIsOnHoldIsStillInHand(kind: Kind) async throws {
        let world = try await World()
        try await accept("a", by: nurse, world)
        try await record(FollowUpsHeld(followUps: ["a"], at: World.start, reviewAt: World.start.adding(days: 7)), world)
        #expect(try kind.make(for: world).loads().inHand(of: nurse) == 1)
    }

    @Test(arguments: Kind.allCases)
    func anErasureTakesAPathwaysLoadsWithIt(kind: Kind) async throws {
        let world = try await World()
        for id in ["a", "b"] { try await accept(id, by: nurse, world) }
        try await accept("c", by: nurse, in: "V2", world)
        try await record(StreamErased(erasure: "register"), world, inClear: true)
        #expect(try kind.make(for: world).loads().inHand(of: nurse) == 1)
    }

    /// Of a pathway that cannot be read nothing counts, and the others count all the same.
    @Test(arguments: Kind.allCases)
    func anUnreadableEventHoldsUpNobody(kind: Kind) async throws {
        let world = try await World()
        try await accept("a", by: nurse, world)
        try await world.spoil("V1", type: FollowUpAccepted.type)
        try await accept("b", by: nurse, in: "V2", world)
        #expect(try kind.make(for: world).loads() == Loads(position: try world.head(), counts: [nurse: 2]))
    }

    /// More than one page of the log.
    @Test(arguments: Kind.allCases)
    func aLongLogIsCountedToItsEnd(kind: Kind) async throws {
        let world = try await World()
        for number in 1...450 { try await accept("\(number)", by: number.isMultiple(of: 3) ? other : nurse, world) }
        #expect(try kind.make(for: world).loads() == Loads(position: try world.head(), counts: [nurse: 300, other: 150]))
    }

    @Test(arguments: Kind.allCases)
    func aRestartCountsTheSame(kind: Kind) async throws {
        let world = try await World()
        try await accept("a", by: nurse, world)
        _ = try kind.make(for: world).loads()
        try await accept("b", by: nurse, world)
        try await withdraw(["a"], world)
        #expect(try kind.make(for: world, reading: world.anotherCoordinator()).loads() == Loads(position: try world.head(), counts: [nurse: 1]))
    }

    /// Two ledgers on one file: the second has kept less than the file.
    @Test func aFileThatIsAheadIsCountedAgainToTheSameEnd() async throws {
        let world = try await World()
        let store = try world.store()
        let one = SQLiteLoadLedger(store: store, loader: world.coordinator.loader)
        let two = SQLiteLoadLedger(store: store, loader: world.coordinator.loader)
        try await accept("a", by: nurse, world)
        _ = try two.loads()
        try await record(FollowUpDeclined(followUp: "a", by: Attribution(rpps: nurse), reason: .absent, givenBack: true), world)
        try await accept("a", by: other, world)
        _ = try one.loads()
        #expect(try two.loads() == Loads(position: try world.head(), counts: [other: 1]))
        #expect(try SQLiteLoadLedger(store: store, loader: world.coordinator.loader).loads().inHand(of: other) == 1)
    }

    /// The file of another log, or of one that was longer: nothing in it is true.
    @Test func aFileOfALongerLogIsBegunAnew() async throws {
        let world = try await World()
        for id in ["a", "b", "c"] { try await accept(id, by: nurse, world) }
        let store = try world.store()
        _ = try SQLiteLoadLedger(store: store, loader: world.coordinator.loader).loads()
        let shorter = try await World(publishing: nil, seed: 2)
        try await accept("a", by: other, shorter)
        #expect(try SQLiteLoadLedger(store: store, loader: shorter.coordinator.loader).loads() == Loads(position: 1, counts: [other: 1]))
    }

    @Test(arguments: [([0, 0], 0), ([1, 0], 1), ([3, 4], 4), ([2, 2], 2), ([5], 5), ([1, 0, 0], 1)])
    func aTeamHasTheMeanOfItsMembersRoundedUp(counts: [Int], mean: Int) {
        let members = (0..<counts.count).map { Staff.rpps(500 + $0) }
        let loads = Loads(position: 1, counts: Dictionary(uniqueKeysWithValues: zip(members, counts)))
        #expect(loads.inHand(ofTeam: members) == mean)
    }
}
