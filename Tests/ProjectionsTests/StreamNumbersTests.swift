import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// The numbers that stand for streams: given once, resolved everywhere, of no account outside their file.
@Suite struct StreamNumbersTests {
    private struct Stop: Error {}

    private func writing(_ directory: String) throws -> ViewConnection {
        try ViewFile(directory: directory).openForWriting(logIdentity: "test")
    }

    private func reading(_ world: World) throws -> ViewConnection {
        try ViewConnection(path: ViewFile(directory: world.directory).path, access: .reading)
    }

    private func count(_ connection: ViewConnection) throws -> Int64? {
        try connection.statement("SELECT count(*) FROM stream").first { $0.int64(0) }
    }

    /// A data directory beside the world's, for other views of the same log.
    private func withDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("proj-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    // MARK: - Giving and resolving

    @Test func numbersGrowInTheOrderOfFirstMention() throws {
        let world = try World()
        let streams = (1...50).map { world.pathway("V\($0)") }
        let connection = try writing(world.directory)
        let given = try connection.transaction { try streams.map { try connection.streams.number(of: $0) } }
        #expect(given == Array(1...50))
        // Another connection reads what this one remembers.
        let other = try writing(world.directory)
        #expect(try streams.map { try other.streams.number(of: $0) } == given)
        #expect(try given.map { try other.streams.stream($0) } == streams)
        #expect(try count(other) == 50)
    }

    @Test func aRollbackForgetsTheNumbersItGave() throws {
        let world = try World()
        let (kept, lost, next) = (world.pathway("V1"), world.pathway("V2"), world.pathway("V3"))
        let connection = try writing(world.directory)
        #expect(try connection.transaction { try connection.streams.number(of: kept) } == 1)
        #expect(throws: Stop.self) {
            try connection.transaction {
                #expect(try connection.streams.number(of: lost) == 2)
                #expect(try connection.streams.stream(2) == lost)
                throw Stop()
            }
        }
        #expect(try !connection.streams.isKnown(lost))
        #expect(try connection.transaction { try [next, lost, kept].map { try connection.streams.number(of: $0) } } == [2, 3, 1])
        #expect(try connection.streams.stream(2) == next)
    }

    @Test func whoReadsGivesNoNumberAndFindsNothing() async throws {
        let world = try World()
        try await world.publish(TestTerritory.yaml())
        try await world.stay("V1")
        try world.catchUp()
        let unknown = world.pathway("V2")
        let reader = TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer())
        let connection = try reading(world)
        let before = try count(connection)
        #expect(try connection.streams.number(of: unknown) == StreamNumbers.none)
        #expect(try reader.timeline(of: unknown) == nil)
        #expect(try reader.pathways(ofPatient: world.patient("PV2")).isEmpty)
        #expect(try PatientReader(views: try world.views(), lookupKey: world.lookupKey).person(of: unknown) == [unknown])
        #expect(try count(connection) == before)
        // That it was unknown is not remembered.
        try await world.stay("V2")
        try world.catchUp()
        #expect(try connection.streams.number(of: unknown) > StreamNumbers.none)
        #expect(try reader.timeline(of: unknown)?.patient == world.patient("PV2"))
    }

    @Test func aNumberThatStandsForNothingIsDamage() throws {
        let world = try World()
        let connection = try writing(world.directory)
        #expect(throws: ViewError.damaged(table: "stream")) { try connection.streams.stream(7) }
        let row = try connection.statement("SELECT 7, NULL")
        #expect(try row.first { try $0.stream(1) } == .some(nil))
        #expect(throws: ViewError.damaged(table: "stream")) { try row.first { try $0.stream(0) } }
    }

    @Test func everyColumnOfNumbersSaysSo() async throws {
        var history = try RandomHistory(seed: 5, erases: false)
        try await history.run(steps: 60)
        try history.world.catchUp()
        let connection = try reading(history.world)
        let names = ["stream", "pathway", "patient", "subject", "recipient"]
        var found: Set<String> = []
        for table in ProjectionRunner.projections.flatMap({ $0.tables }).map({ "\($0)_1" }) + ["parked"] {
            let columns = try connection.statement("SELECT name FROM pragma_table_info(?1)")
            columns.bind(1, table)
            let references = try connection.statement("SELECT \"from\" FROM pragma_foreign_key_list(?1)")
            references.bind(1, table)
            let numbered = Set(try references.rows { $0.string(0) })
            #expect(Set(try columns.rows { $0.string(0) }.filter(names.contains)) == numbered, "\(table)")
            found.formUnion(numbered)
            for column in numbered {
                let strays = try connection.statement(
                    "SELECT count(*) FROM \(table) WHERE \(column) IS NOT NULL AND \(column) NOT IN (SELECT number FROM stream)"
                )
                #expect(try strays.first { $0.int64(0) } == 0, "\(table).\(column)")
            }
        }
        #expect(found == Set(names))
    }

    // MARK: - In the views

    @Test(arguments: [1, 2] as [UInt64])
    func filesThatNumberOtherwiseSayTheSame(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed)
        try await history.run(steps: 120)
        let world = history.world
        try world.catchUp(sealer: history.keys)
        let maintained = try world.digests()
        let first = try reading(world)
        let order = try first.statement("SELECT id FROM stream ORDER BY number DESC").rows { StreamID(bytes: $0.bytes(0)) }
        #expect(order.count > 10, "seed \(seed) names too few streams")
        try withDirectory { other in
            let connection = try writing(other)
            try connection.transaction { for stream in order.compactMap(\.self) { _ = try connection.streams.number(of: stream) } }
            try world.runner(in: other, sealer: history.keys).catchUp(pageSize: 11)
            let pathway = world.pathway("V0")
            #expect(try connection.streams.number(of: pathway) != first.streams.number(of: pathway))
            #expect(try ProjectionReader.digests(in: other) == maintained, "seed \(seed)")
        }
    }

    @Test func aPageThatWasRolledBackComesAgain() async throws {
        let world = try World()
        try await world.publish(TestTerritory.yaml())
        for visit in ["V1", "V2", "V3"] { try await world.stay(visit) }
        let runner = try world.runner()
        let events = try world.log.read(after: 0, limit: .max)
        func page(_ events: ArraySlice<RecordedEvent>, epoch: Int64) -> EventPage {
            EventPage(events: Array(events), checkpoint: FollowerCheckpoint(position: events.last?.position ?? 0, epoch: epoch))
        }
        try await runner.handle(page(events.prefix(4), epoch: 5))
        let connection = try reading(world)
        let before = try count(connection)
        await #expect(throws: ViewError.superseded(savedEpoch: 5, epoch: 4)) { try await runner.handle(page(events.dropFirst(4), epoch: 4)) }
        #expect(try count(connection) == before)
        try await runner.handle(page(events.dropFirst(4), epoch: 5))
        #expect(try count(connection) ?? 0 > before ?? 0)
        let timelines = TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer())
        for visit in ["V1", "V2", "V3"] {
            #expect(try timelines.pathways(ofPatient: world.patient("P\(visit)")) == [world.pathway(visit)])
        }
        let followed = try world.digests()
        try withDirectory { other in
            try world.runner(in: other).catchUp()
            #expect(try ProjectionReader.digests(in: other) == followed)
        }
    }

    @Test func ofAnErasedStreamOnlyTheNumberMayStay() async throws {
        let world = try World()
        let keys = DestroyedKeys()
        try await world.publish(TestTerritory.yaml())
        for visit in ["V1", "V2"] { try await world.stay(visit) }
        try world.catchUp(sealer: keys)
        let erased = [world.patient("PV2"), world.pathway("V2")]
        for stream in erased {
            keys.destroy(try world.log.read(stream: stream, fromVersion: 1, limit: .max).map(\.id))
            try await world.record(StreamErased(erasure: "019f0000-0000-7000-8000-000000000002"), on: stream)
        }
        try world.catchUp(sealer: keys)
        let maintained = try world.digests()
        let connection = try reading(world)
        for stream in erased {
            let number = try connection.streams.number(of: stream)
            #expect(number > StreamNumbers.none)
            for (table, column) in [
                ("timeline_event", "stream"), ("timeline_owner", "patient"), ("todo_visit", "patient"), ("todo_patient", "patient"),
            ] {
                let rows = try connection.statement("SELECT count(*) FROM \(table) WHERE \(column) = \(number)")
                #expect(try rows.first { $0.int64(0) } == 0, "\(table).\(column)")
            }
        }
        // Made from the log as it is now, the views never hear of them.
        try withDirectory { other in
            try world.runner(in: other, sealer: keys).catchUp()
            let fresh = try writing(other)
            for stream in erased { #expect(try !fresh.streams.isKnown(stream)) }
            #expect(try ProjectionReader.digests(in: other) == maintained)
        }
    }

    // MARK: - What holds them

    @Test func aConnectionIsClosedWhenNothingOfItIsLeft() throws {
        let world = try World()
        weak var database: ViewDatabase?
        var statement: ViewStatement?
        do {
            let connection = try writing(world.directory)
            try connection.transaction { _ = try connection.streams.number(of: world.pathway("V1")) }
            statement = try connection.statement("SELECT id FROM stream")
            database = connection.database
        }
        #expect(database != nil)
        #expect(try statement?.first { $0.bytes(0) } == world.pathway("V1").bytes)
        statement = nil
        #expect(database == nil)
    }

    @Test func theCacheForgetsWhatWasNotUsedAndNothingElse() {
        var cache = RecentCache<Int, String>(capacity: 2)
        for number in 1...3 { cache.put("\(number)", for: number) }
        // Used, it outlives the next generation; taken, it is gone from both.
        #expect(cache.value(for: 1) == "1")
        cache.put("4", for: 4)
        #expect(cache.value(for: 1) == "1" && cache.value(for: 2) == nil)
        #expect(cache.take(1) == "1" && cache.take(1) == nil)
    }
}
