import EventStore
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// Counts events; its second version counts them twice, its third cannot read what came before.
private enum Counts {
    struct Writer {
        static func schema(_ tables: ViewTables) -> [String] {
            ["CREATE TABLE \(tables["counts_event"])(position INTEGER PRIMARY KEY, weight INTEGER NOT NULL) STRICT"]
        }
    }

    final class Weigher: ProjectionWriter {
        private let insert: ViewStatement
        private let weight: Int64

        init(_ tables: ViewTables, weight: Int64) throws {
            insert = try tables.statement("INSERT INTO \(tables["counts_event"])(position, weight) VALUES (?1, ?2)")
            self.weight = weight
        }

        func handle(_ opened: OpenedEvent) throws {
            insert.bind(1, opened.position)
            insert.bind(2, weight)
            try insert.run()
        }

        func erase(_ stream: StreamID) throws {}
        func forget() {}
    }

    enum First: Projection {
        static let name = "counts"
        static let version: Int64 = 1
        static let interests: Set<String> = [PatientIdentified.type]
        static let tables = ["counts_event"]
        static func schema(_ tables: ViewTables) -> [String] { Writer.schema(tables) }
        static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
            try Weigher(tables, weight: 1)
        }
    }

    enum Second: Projection {
        static let name = "counts"
        static let version: Int64 = 2
        static let oldestReadableVersion: Int64 = 1
        static let interests: Set<String> = [PatientIdentified.type]
        static let tables = ["counts_event"]
        static func schema(_ tables: ViewTables) -> [String] { Writer.schema(tables) }
        static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
            try Weigher(tables, weight: 2)
        }
    }

    enum Third: Projection {
        static let name = "counts"
        static let version: Int64 = 3
        static let interests: Set<String> = [PatientIdentified.type]
        static let tables = ["counts_event"]
        static func schema(_ tables: ViewTables) -> [String] { Writer.schema(tables) }
        static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
            try Weigher(tables, weight: 3)
        }
    }
}

@Suite struct VersionTests {
    private func total(_ world: World) throws -> Int64? {
        try world.views().read { connection in
            _ = try connection.position(of: "counts")
            return try connection.statement("SELECT sum(weight) FROM counts_event").first { $0.int64(0) }
        }
    }

    private func world(events: Int = 10) async throws -> World {
        let world = try World()
        for number in 0..<events { try await world.identify("P\(number)") }
        return world
    }

    @Test func oldTablesStayReadableWhileTheNewOnesAreBuilt() async throws {
        let world = try await world()
        try world.runner(of: [Counts.First.self, DirectoryProjection.self]).catchUp()
        #expect(try total(world) == 10)
        let next = try world.runner(of: [Counts.Second.self, DirectoryProjection.self])
        #expect(try total(world) == 10)
        // Half-way, killed, and gone on with by the next process.
        var pages = 0
        #expect(
            try !next.build(["counts"], pageSize: 2) {
                pages += 1
                return pages <= 3
            }
        )
        #expect(try total(world) == 10)
        let status = try #require(try ProjectionReader(views: try world.views()).status().first { $0.name == "counts" })
        #expect(status.isShown && status.version == 1 && status.rebuilding == 6)
        // What waits for a position does not take the old tables for up to date.
        #expect(try await next.wait(for: 10, atMost: 0) == false)
        let later = try world.runner(of: [Counts.Second.self, DirectoryProjection.self])
        pages = 0
        try later.build(["counts"], pageSize: 2) {
            pages += 1
            return true
        }
        #expect(pages == 2, "it goes on where it stopped")
        #expect(try total(world) == 20)
        #expect(try await later.wait(for: 10, atMost: 0))
    }

    @Test func tablesThatCannotBeReadAnswerHowFarTheBuildIs() async throws {
        let world = try await world()
        try world.runner(of: [Counts.Second.self]).catchUp()
        let next = try world.runner(of: [Counts.Third.self])
        #expect(throws: ViewError.beingBuilt(projection: "counts", position: 10)) { try total(world) }
        #expect(try ProjectionReader(views: try world.views()).status().first?.isShown == false)
        try next.catchUp()
        #expect(try total(world) == 30)
        // The release before comes back: its tables are kept, caught up, and shown.
        try await world.identify("P99")
        let before = try world.runner(of: [Counts.Second.self])
        try before.catchUp()
        #expect(try total(world) == 22)
    }

    @Test(.timeLimit(.minutes(5)))
    func theRunnerBuildsBesideFollowingAndExchanges() async throws {
        let world = try await world(events: 30)
        try world.runner(of: [Counts.First.self, DirectoryProjection.self]).catchUp()
        let runner = try world.runner(of: [Counts.Second.self, DirectoryProjection.self])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            for number in 30..<40 { try await world.identify("P\(number)") }
            #expect(try await runner.wait(for: 40, atMost: 120_000))
            #expect(try total(world) == 80)
            try await world.identify("P40")
            #expect(try await runner.wait(for: 41, atMost: 120_000))
            #expect(try total(world) == 82)
            group.cancelAll()
        }
        let states = try world.views().read { connection in
            try connection.statement("SELECT version, state FROM projection WHERE name = 'counts' ORDER BY generation").rows {
                "\($0.int64(0)) \($0.string(1))"
            }
        }
        #expect(states == ["1 kept", "2 live"])
    }

    @Test func theOldGenerationIsKeptUntilToldOtherwise() async throws {
        let world = try await world()
        try world.catchUp()
        let runner = try world.runner()
        let reader = ProjectionReader(views: try world.views())
        func states() throws -> [ProjectionGeneration.State] { try reader.generations().filter { $0.projection == "todo" }.map(\.state) }
        #expect(try states() == [.live])
        #expect(throws: ViewError.nothingKept("todo")) { try runner.revert("todo") }
        try runner.rebuild("todo")
        #expect(try states() == [.kept, .live])
        let kept = try #require(try reader.generations().first { $0.projection == "todo" })
        #expect(kept.position == 10 && kept.rows == 10 && (kept.bytes ?? 1) > 0 && kept.version == ToDoProjection.version)
        // One that was broken by hand is left for the one kept, which has caught up first.
        let before = try world.digests()
        let connection = try ViewConnection(path: ViewFile(directory: world.directory).path, access: .writing)
        try connection.execute("UPDATE todo_patient_2 SET city = 'AILLEURS'")
        try await world.identify("P77")
        try runner.catchUp()
        try runner.revert("todo", pageSize: 3)
        #expect(try states() == [.live, .kept])
        #expect(try world.digests()["todo"] != before["todo"])
        let reverted = try world.digests()
        // No more than one of a version is kept.
        try runner.rebuild("todo")
        #expect(try world.digests() == reverted)
        #expect(try states() == [.kept, .live])
        #expect(throws: ViewError.unknownProjection("nothing")) { try runner.dropOld("nothing") }
        #expect(try runner.dropOld("feed") == 0)
        #expect(try runner.dropOld() == 1)
        #expect(try states() == [.live])
        #expect(try world.digests() == reverted)
    }

    @Test func anOldEventTypeIsReadThroughItsUpcasters() async throws {
        let world = try World()
        try await world.identify("P1")
        // What `identify` writes, under two older names and shapes.
        let current = try JSONValue(try #require(try world.log.read(after: 0, limit: 1).first).payload)
        var oldest = current
        oldest["person"] = current["identity"]
        oldest["identity"] = nil
        try await world.record(type: "fr.relais.test.person-named.v1", oldest.bytes, on: world.patient("P2"))
        let upcasters = Upcasters([
            EventUpcaster(from: "fr.relais.test.person-named.v1", to: "fr.relais.test.person-named.v2") { body in
                var body = body
                body["identity"] = body["person"]
                body["person"] = nil
                return body
            },
            EventUpcaster(from: "fr.relais.test.person-named.v2", to: PatientIdentified.type) { $0 },
        ])
        try world.runner(of: ProjectionRunner.projections, upcasters: upcasters).catchUp()
        let names = try world.views().read { connection in
            try connection.statement("SELECT birth_name, type FROM todo_patient ORDER BY from_position").rows { [$0.string(0), $0.string(1)] }
        }
        #expect(names == [["FICTIF", PatientIdentified.type], ["FICTIF", PatientIdentified.type]])
        #expect(try ProjectionReader(views: try world.views()).parked().isEmpty)
    }
}
