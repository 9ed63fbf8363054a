import EventStore
import Foundation
import GRDB
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
}
