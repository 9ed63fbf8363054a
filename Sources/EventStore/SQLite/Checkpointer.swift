import Dispatch
import GRDBSQLite
import Synchronization

/// Moves pages from the write-ahead log into the database file, off the append path.
///
/// A pass runs beside the writer on its own connection. Under steady load the writer is always ahead of it, so that
/// the log would never start over: once it is long, the writer itself moves the few pages left after a pass.
final class Checkpointer: Sendable {
    private struct State {
        /// Frames in the write-ahead log after the last commit.
        var frames = 0
        /// Frames at which the next pass starts.
        var nextPass = Checkpointer.passThreshold
        /// Frames from which on the writer helps.
        var nextHelp = Checkpointer.helpThreshold
        var isRunning = false
        var isStopped = false
    }

    private static let passThreshold = 4000
    private static let helpThreshold = 16_000

    private let path: String
    private let queue = DispatchQueue(label: "relais.event-store.checkpointer", qos: .utility)
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    /// Has the writer's connection tell after each commit how long the write-ahead log is. The connection must not
    /// outlive this object.
    func watch(_ connection: Connection) throws {
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        sqlite3_wal_hook(connection.handle, noteFrames, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func note(frames: Int) {
        state.withLock { state in
            if frames < state.frames {
                // The log started over.
                state.nextPass = Self.passThreshold
                state.nextHelp = Self.helpThreshold
            }
            state.frames = frames
        }
    }

    /// To be called by the writer after each commit, when all are answered.
    func committed(on connection: Connection) {
        enum Duty { case nothing, startPass, help }
        let duty: Duty = state.withLock { state in
            guard !state.isRunning, !state.isStopped else { return .nothing }
            if state.frames >= state.nextPass {
                state.isRunning = true
                state.nextPass = state.frames + Self.passThreshold
                return .startPass
            }
            if state.frames >= state.nextHelp {
                // If a reader holds the log's start, trying again at once would not help.
                state.nextHelp = state.frames + Self.passThreshold
                return .help
            }
            return .nothing
        }
        switch duty {
        case .nothing: break
        case .startPass: queue.async { self.pass() }
        case .help: moveFrames(on: connection)
        }
    }

    /// Starts no pass any more, and waits for one that is running.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func pass() {
        defer { state.withLock { $0.isRunning = false } }
        // A pass that fails loses nothing: the frames stay where they are, and the next pass tries again.
        guard let connection = try? Connection(path: path, access: .writing) else { return }
        moveFrames(on: connection)
    }

    private func moveFrames(on connection: Connection) {
        sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
}

/// SQLite's hook after each commit: outside the class, since C calls it without context of ours.
private func noteFrames(_ context: UnsafeMutableRawPointer?, _: OpaquePointer?, _: UnsafePointer<CChar>?, frames: Int32) -> Int32 {
    if let context {
        Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().note(frames: Int(frames))
    }
    return SQLITE_OK
}
