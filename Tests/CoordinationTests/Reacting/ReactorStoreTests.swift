import EventStore
import Foundation
import GRDB
import LogTesting
import TestSupport
import Testing
import Timekeeping

@testable import Coordination

@Suite struct ReactorStoreTests {
    private let stream = StreamID(bytes: [UInt8](repeating: 9, count: 16))

    @Test func onlyTheOwnerReadsTheFile() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/reactors.sqlite"
        let store = try SQLiteReactorStore(path: path)
        _ = try store.save(FollowerCheckpoint(position: 1, epoch: 1), of: "a", parking: [], knowing: [])
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            let mode = try #require(try FileManager.default.attributesOfItem(atPath: path + suffix)[.posixPermissions] as? Int)
            #expect(mode == 0o600, "\(suffix)")
        }
    }

    @Test func aReportIsReadBackByAnotherProcess() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/reactors.sqlite"
        let store = try SQLiteReactorStore(path: path)
        let states: [FollowerStatus.State] = [.starting, .running, .waiting, .backingOff(failures: 3), .stopped]
        let written = states.enumerated().map { index, state in
            var status = FollowerStatus(name: "follower-\(index)", kind: FollowerKind.allCases[index % 3])
            status.state = state
            status.position = Int64(index) * 10
            if index > 0 {
                status.heartbeat = World.start
                status.lastError = "Failure"
                status.lastErrorAt = World.start
                status.handling = .init(first: 1, last: 2, since: World.start)
            }
            return FollowerReport(status: status, parked: Int64(index), reportedAt: World.start)
        }
        try store.write(written)
        #expect(try SQLiteReactorStore(path: path).reports() == written)
        try store.write([])
        #expect(try store.reports() == written)
    }

    @Test func whatTheFirstLayoutParkedIsKept() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/reactors.sqlite"
        let old = try DatabaseQueue(path: path)
        try SQLiteReactorStore.migrator.migrate(old, upTo: "1")
        let id = try #require(stream)
        try old.write { database in
            try database.execute(sql: "INSERT INTO checkpoint VALUES ('follow-up-planner', 12, 3)")
            try database.execute(
                sql: "INSERT INTO parked VALUES ('follow-up-planner', ?, 7, 'event 6 cannot be read')",
                arguments: [Data(id.bytes)]
            )
        }
        try old.close()
        let store = try SQLiteReactorStore(path: path)
        #expect(try store.checkpoint(of: "follow-up-planner") == FollowerCheckpoint(position: 12, epoch: 3))
        let parked = try store.parked(of: nil, sequence: id)
        #expect(parked.map(\.position) == [7] && parked.first?.problem == "event 6 cannot be read" && parked.first?.attempts == 1)
    }

    @Test func nothingDeletedIsLeftInTheFiles() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/reactors.sqlite"
        let store = try SQLiteReactorStore(path: path)
        let id = try #require(stream)
        let request = ParkingRequest(sequence: id, position: 1, problem: "to-be-found-nowhere", since: World.start, attempts: 1)
        try store.park(request, of: "a")
        func isFound() throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: directory.path).contains { name in
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name)"))
                return data.range(of: Data("to-be-found-nowhere".utf8)) != nil
            }
        }
        #expect(try isFound())
        try store.unpark(try #require(try store.parked(of: "a", sequence: nil).first))
        #expect(try store.purge())
        #expect(try !isFound())
    }

    // MARK: - Damage

    enum Damage: String, CaseIterable {
        case noDatabase, header, page, formatNumber, migrations

        func apply(to path: String) throws {
            switch self {
            case .noDatabase: try Data("not a database at all".utf8).write(to: URL(fileURLWithPath: path))
            case .header: try overwrite(path, at: 0, with: 16)
            case .page: try overwrite(path, at: 4096 + 8, with: 600)
            case .formatNumber: try overwrite(path, at: 44, with: 4)
            case .migrations: try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE grdb_migrations SET identifier = 'x' || identifier") }
            }
        }

        private func overwrite(_ path: String, at offset: UInt64, with count: Int) throws {
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try file.seek(toOffset: offset)
            try file.write(contentsOf: Data(repeating: 0xA5, count: count))
            try file.close()
        }
    }

    private func made(in directory: TemporaryDirectory) throws -> String {
        let path = "\(directory.path)/reactors.sqlite"
        let store = try SQLiteReactorStore(path: path)
        _ = try store.save(FollowerCheckpoint(position: 9, epoch: 1), of: "a", parking: [], knowing: [])
        try store.database.close()
        return path
    }

    @Test(arguments: Damage.allCases)
    func aDamagedFileIsSetAsideAndBegunAnew(damage: Damage) throws {
        let directory = try TemporaryDirectory()
        let path = try made(in: directory)
        try damage.apply(to: path)
        #expect(throws: EventStoreError(.corrupted, "")) {
            // Migrations are not looked at by who only reads.
            if damage == .migrations { throw EventStoreError(.corrupted, "") }
            _ = try SQLiteReactorStore(readingOnly: path)
        }
        #expect(!FileManager.default.fileExists(atPath: "\(path).damaged"))

        var reports: [String] = []
        let store = try SQLiteReactorStore(path: path) { reports.append($0) }
        #expect(reports.count == 1 && reports.allSatisfy { $0.contains("reactors.sqlite.damaged") })
        #expect(FileManager.default.fileExists(atPath: "\(path).damaged"))
        #expect(try store.checkpoint(of: "a") == .start)
        _ = try HandOverStore(path: path) { reports.append($0) }
        _ = try SQLiteReactorStore(path: path) { reports.append($0) }
        #expect(reports.count == 1)
    }

    @Test func theHandOverFindsTheDamageAsWell() throws {
        let directory = try TemporaryDirectory()
        let path = try made(in: directory)
        try Damage.noDatabase.apply(to: path)
        var reports: [String] = []
        _ = try HandOverStore(path: path) { reports.append($0) }
        #expect(reports.count == 1)
    }

    /// Somebody may be at work on it, or it is somebody else's.
    @Test func aFileThatMayNotBeOpenedIsLeftAlone() throws {
        let directory = try TemporaryDirectory()
        let path = try made(in: directory)
        let bytes = FileManager.default.contents(atPath: path)
        try withReadOnlyDirectory(directory.path, files: ["reactors.sqlite"]) {
            #expect(throws: (any Error).self) { try SQLiteReactorStore(path: path) { _ in Issue.record("set aside") } }
            let read = try SQLiteReactorStore(readingOnly: path)
            let missing = try SQLiteReactorStore(readingOnly: "\(directory.path)/none.sqlite")
            #expect(try read.checkpoint(of: "a").position == 9 && missing.reports().isEmpty)
        }
        #expect(FileManager.default.contents(atPath: path) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["reactors.sqlite"])
    }

    @Test func aFileThatIsWrittenCanBeReadBeside() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/reactors.sqlite"
        let store = try SQLiteReactorStore(path: path)
        _ = try store.save(FollowerCheckpoint(position: 9, epoch: 1), of: "a", parking: [], knowing: [])
        #expect(try SQLiteReactorStore(readingOnly: path).checkpoint(of: "a").position == 9)
    }
}
