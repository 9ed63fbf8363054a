import Dispatch
import GRDBSQLite
import Synchronization

@testable import EventStore

/// Holds a log's writer, to let requests queue up.
final class WriterGate: Sendable {
    private let log: SQLiteEventLog
    private let release = DispatchSemaphore(value: 0)

    init(_ log: SQLiteEventLog) {
        self.log = log
        let held = DispatchSemaphore(value: 0)
        let release = release
        DispatchQueue.global().async {
            try? log.withWriterConnection { _ in
                held.signal()
                release.wait()
            }
        }
        held.wait()
    }

    /// Lets the writer go once `count` requests wait for it.
    func open(whenWaiting count: Int) async throws {
        while log.waitingRequests < count { await Task.yield() }
        release.signal()
    }
}

/// Counts the commits of a connection.
final class CommitCounter: Sendable {
    private let commits = Mutex(0)

    var count: Int { commits.withLock { $0 } }

    /// The connection must not outlive this object.
    func watch(_ connection: Connection) {
        sqlite3_commit_hook(connection.handle, countCommit, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func add() { commits.withLock { $0 += 1 } }
}

private func countCommit(_ context: UnsafeMutableRawPointer?) -> Int32 {
    if let context { Unmanaged<CommitCounter>.fromOpaque(context).takeUnretainedValue().add() }
    return 0
}
