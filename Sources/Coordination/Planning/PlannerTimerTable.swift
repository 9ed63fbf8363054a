import EventStore
import Foundation
import GRDB
import Timekeeping

/// The planner's own table in `reactors.sqlite`: until when a home return must be known, per pathway.
public struct PlannerTimerTable: Sendable {
    struct Timer: Hashable, Sendable {
        let due: Instant
        let stream: StreamID
    }

    private let store: SQLiteReactorStore

    public init(store: SQLiteReactorStore) { self.store = store }

    /// Sets the timer of a pathway, or clears it (nil). Most pathways have none and need none: that costs a read.
    func set(_ due: Instant?, for stream: StreamID) throws {
        let key = Data(stream.bytes)
        let present = try store.database.read { try Int64.fetchOne($0, sql: "SELECT due FROM timer WHERE stream = ?", arguments: [key]) }
        guard present != due?.millisecondsSinceEpoch else { return }
        try store.database.write { database in
            guard let due else { return try database.execute(sql: "DELETE FROM timer WHERE stream = ?", arguments: [key]) }
            try database.execute(
                sql: "INSERT INTO timer(stream, due) VALUES (?, ?) ON CONFLICT(stream) DO UPDATE SET due = excluded.due",
                arguments: [key, due.millisecondsSinceEpoch]
            )
        }
    }

    /// What is due, oldest first; not of pathways that are parked: they come back when the pathway goes on.
    func due(at instant: Instant, limit: Int) throws -> [Timer] {
        try store.database.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT stream, due FROM timer WHERE due <= ?
                    AND NOT EXISTS (SELECT 1 FROM parked WHERE name = ? AND sequence = stream) ORDER BY due, stream LIMIT ?
                    """,
                arguments: [instant.millisecondsSinceEpoch, PlannerReactor.name, limit]
            )
            return rows.compactMap { row in
                StreamID(bytes: row["stream"] as Data).map { Timer(due: Instant(millisecondsSinceEpoch: row["due"]), stream: $0) }
            }
        }
    }

    /// A timer that was fired fires no more.
    func finish(_ timer: Timer) throws {
        try store.database.write { database in
            try database.execute(
                sql: "DELETE FROM timer WHERE stream = ? AND due = ?",
                arguments: [Data(timer.stream.bytes), timer.due.millisecondsSinceEpoch]
            )
        }
    }

    /// Parks a pathway whose timer cannot be fired: the timer stays, and fires once the pathway goes on.
    func park(_ timer: Timer, position: Int64, problem: String, since: Instant) throws {
        let request = ParkingRequest(sequence: timer.stream, position: position, problem: problem, since: since, attempts: 1)
        try store.park(request, of: PlannerReactor.name)
    }
}
