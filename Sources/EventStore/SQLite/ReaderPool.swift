import Synchronization

/// Lends read connections, each to one caller at a time; makes one more when all are out. One that met a failing disk is
/// not lent again: what it holds in memory may be what the disk failed to give.
final class ReaderPool: Sendable {
    private struct State {
        var idle: [ReadConnection] = []
        var isClosed = false
    }

    private static let idleLimit = 4

    private let path: String
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    func withConnection<Value>(_ body: (ReadConnection) throws -> Value) throws -> Value {
        let idle = try state.withLock { state -> ReadConnection? in
            guard !state.isClosed else { throw EventStoreError(.closed, "The log is closed: open it again.") }
            return state.idle.popLast()
        }
        let connection = try idle ?? ReadConnection(path: path)
        do {
            let value = try body(connection)
            takeBack(connection)
            return value
        } catch {
            if (error as? EventStoreError)?.isStorageFailure != true { takeBack(connection) }
            throw error
        }
    }

    private func takeBack(_ connection: ReadConnection) {
        state.withLock { state in
            if !state.isClosed, state.idle.count < Self.idleLimit { state.idle.append(connection) }
        }
    }

    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        // The connections close here, out of the lock.
        _ = idle
    }
}
