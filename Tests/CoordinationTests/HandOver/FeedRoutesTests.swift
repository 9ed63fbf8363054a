import Coordination
import EventStore
import LogTesting
import Pathways
import Testing
import Timekeeping

@Suite("A feed concerns the territories that its route or their files name")
struct FeedRoutesTests {
    private let sender = HL7Sender(application: "SIMHOSP", facility: "CHT")
    private let stranger = HL7Sender(application: "AUTRE", facility: "AILLEURS")

    @Test func theRouteOfASenderGivesTheOrder() async throws {
        let served = try await Neighbourhood(count: 3).towns.map(\.served)
        let routes = FeedRoutes([stranger: ["sud", "ouest"]])
        #expect(routes.candidates(of: stranger, facility: [], among: served).map(\.id) == ["sud", "ouest"])
    }

    @Test func withoutRouteThoseThatNameTheHospitalElseAll() async throws {
        let served = try await Neighbourhood(count: 3).towns.map(\.served)
        let nobody = try await Self.unpublished()
        let routes = FeedRoutes()
        #expect(routes.candidates(of: sender, facility: ["CHT"], among: [nobody] + served).map(\.id) == ["ouest", "est", "sud"])
        #expect(routes.candidates(of: stranger, facility: ["850099995"], among: [nobody] + served).map(\.id) == ["ouest", "est", "sud"])
        #expect(routes.candidates(of: stranger, facility: ["AILLEURS"], among: [nobody] + served).map(\.id) == ["nord", "ouest", "est", "sud"])
    }

    @Test func aTerritoryThatCannotBeReadStaysACandidate() async throws {
        let here = try await Neighbourhood()
        here.east.log.set { $0.refusesReads = true }
        #expect(FeedRoutes().candidates(of: sender, facility: [], among: here.towns.map(\.served)).map(\.id) == ["ouest", "est"])
    }

    @Test func aPathwayFollowsTheRoutesOfItsHospital() async throws {
        let served = try await Neighbourhood(count: 3).towns.map(\.served)
        #expect(FeedRoutes([sender: ["sud", "ouest"]]).candidates(ofHospital: "CHT", among: served).map(\.id) == ["ouest", "sud"])
        #expect(FeedRoutes([stranger: ["sud"]]).candidates(ofHospital: "CHT", among: served).map(\.id) == ["ouest", "est", "sud"])
        #expect(FeedRoutes().candidates(ofHospital: "AILLEURS", among: served).map(\.id) == ["ouest", "est", "sud"])
    }

    @Test func aWrongRouteIsRefused() {
        let served = ["ouest", "est"]
        #expect(throws: FeedRouteError.emptyRoute(sender)) { try FeedRoutes([sender: []]).check(against: served) }
        #expect(throws: FeedRouteError.unknownTerritory("nord", sender)) { try FeedRoutes([sender: ["nord"]]).check(against: served) }
        #expect(throws: FeedRouteError.repeatedTerritory(sender)) { try FeedRoutes([sender: ["est", "est"]]).check(against: served) }
        #expect(throws: Never.self) { try FeedRoutes([sender: served]).check(against: served) }
    }

    private static func unpublished() async throws -> ServedTerritory {
        ServedTerritory(id: "nord", coordinator: try await World(publishing: nil).coordinator)
    }
}
