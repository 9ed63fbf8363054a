import Coordination
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct CallerTests {
    @Test(arguments: [
        (Staff.referent, Attribution.Capacity.referent), (Staff.unitContact, .hospital), (Staff.nurses[0], .professional),
    ])
    func theDirectoryTellsInWhichCapacitySomebodyActs(rpps: String, capacity: Attribution.Capacity) async throws {
        let world = try await World()
        for urn in ["urn:rpps:\(rpps)", rpps] {
            let caller = try Caller(urn: urn, in: try world.coordinator.loader.territory(World.streams.territory).state)
            #expect(caller.attribution == Attribution(rpps: rpps, capacity: capacity, assurance: .asserted))
            #expect(caller.urn == "urn:rpps:\(rpps)")
        }
    }

    @Test(arguments: [
        ("urn:rpps:\(Staff.stranger)", CallerError.notInDirectory), ("urn:rpps:99999000010", .malformed), ("urn:rpps:", .malformed),
        ("urn:finess:850099995", .malformed), ("", .malformed),
    ])
    func nobodyElseIsTakenAtTheirWord(urn: String, error: CallerError) async throws {
        let world = try await World()
        let state = try world.coordinator.loader.territory(World.streams.territory).state
        #expect(throws: error) { try Caller(urn: urn, in: state) }
        #expect(!error.description.contains(Staff.stranger))
    }

    @Test func beforeTheFirstPublicationNobodyIsKnown() {
        #expect(throws: CallerError.noDirectory) { try Caller(urn: Staff.referent, in: TerritoryState()) }
    }
}
