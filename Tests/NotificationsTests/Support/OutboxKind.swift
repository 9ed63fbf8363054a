import Coordination
import Notifications
import Testing

/// The implementations that the contract holds for.
enum OutboxKind: CaseIterable, CustomTestStringConvertible, Sendable {
    case memory
    case sqlite

    var testDescription: String { self == .memory ? "in memory" : "SQLite" }

    /// That of SQLite has its database in memory, as a store has whose file is missing; what a file adds is tested apart.
    func make() throws -> any Outbox {
        switch self {
        case .memory: InMemoryOutbox()
        case .sqlite: try SQLiteOutbox(store: SQLiteReactorStore(readingOnly: "/nowhere/reactors.sqlite"))
        }
    }
}
