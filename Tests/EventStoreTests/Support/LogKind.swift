import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// The implementations that keep the contract.
enum LogKind: CaseIterable, CustomTestStringConvertible, Sendable {
    case memory
    case sqlite

    var testDescription: String { self == .memory ? "in memory" : "SQLite" }

    /// Runs `body` on an empty log.
    func withLog<Value>(
        sealer: any PayloadSealer = PlainSealer(),
        time: TimeSource = .system,
        _ body: (any EventLog) async throws -> Value
    ) async throws -> Value {
        let directory = try TemporaryDirectory()
        let log: any EventLog =
            switch self {
            case .memory: InMemoryEventLog(identity: "test", sealer: sealer, time: time)
            case .sqlite: try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: sealer, time: time))
            }
        let value = try await body(log)
        await log.close()
        return value
    }
}
