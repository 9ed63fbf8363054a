import EventStore
import TestSupport
import Testing
import Timekeeping

/// The logs that coordination must work on.
enum LogKind: CaseIterable, CustomTestStringConvertible, Sendable {
    case memory
    case sqlite

    var testDescription: String { self == .memory ? "in memory" : "SQLite" }

    /// - Parameter directory: where a log on disk lives.
    func open(in directory: TemporaryDirectory, sealer: any PayloadSealer = PlainSealer(), time: TimeSource) throws -> any EventLog {
        switch self {
        case .memory: InMemoryEventLog(identity: "test-territory", sealer: sealer, time: time)
        case .sqlite:
            try SQLiteEventLog.open(.init(directory: "\(directory.path)/data", identity: "test-territory", sealer: sealer, time: time))
        }
    }
}
