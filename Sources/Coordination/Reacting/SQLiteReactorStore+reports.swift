public import EventStore
import GRDB
import Timekeeping

extension SQLiteReactorStore: FollowerReportStore {
    public func write(_ reports: [FollowerReport]) throws {
        try database.write { database in
            let insert = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO follower(name, kind, state, failures, position, heartbeat, handling_first, handling_last,
                        handling_since, last_error, last_error_at, parked, reported_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            for report in reports {
                let status = report.status
                let (state, failures) = status.state.stored
                try insert.execute(
                    arguments: [
                        status.name, status.kind.rawValue, state, failures, status.position, status.heartbeat?.millisecondsSinceEpoch,
                        status.handling?.first, status.handling?.last, status.handling?.since.millisecondsSinceEpoch, status.lastError,
                        status.lastErrorAt?.millisecondsSinceEpoch, report.parked, report.reportedAt.millisecondsSinceEpoch,
                    ]
                )
            }
        }
    }

    public func reports() throws -> [FollowerReport] {
        try database.snapshot { database in
            try Row.fetchAll(database, sql: "SELECT * FROM follower ORDER BY name").map { row in
                var status = FollowerStatus(name: row["name"], kind: FollowerKind(rawValue: row["kind"]) ?? .other)
                status.state = FollowerStatus.State(stored: row["state"], failures: row["failures"])
                status.position = row["position"]
                status.heartbeat = (row["heartbeat"] as Int64?).map { Instant(millisecondsSinceEpoch: $0) }
                if let first = row["handling_first"] as Int64?, let last = row["handling_last"] as Int64?,
                    let since = row["handling_since"] as Int64?
                {
                    status.handling = .init(first: first, last: last, since: Instant(millisecondsSinceEpoch: since))
                }
                status.lastError = row["last_error"]
                status.lastErrorAt = (row["last_error_at"] as Int64?).map { Instant(millisecondsSinceEpoch: $0) }
                return FollowerReport(
                    status: status,
                    parked: row["parked"],
                    reportedAt: Instant(millisecondsSinceEpoch: row["reported_at"])
                )
            }
        }
    }
}

extension FollowerStatus.State {
    fileprivate var stored: (name: String, failures: Int) {
        switch self {
        case .starting: ("starting", 0)
        case .running: ("running", 0)
        case .waiting: ("waiting", 0)
        case .backingOff(let failures): ("backing-off", failures)
        case .stopped: ("stopped", 0)
        }
    }

    fileprivate init(stored name: String, failures: Int) {
        self =
            switch name {
            case "running": .running
            case "waiting": .waiting
            case "backing-off": .backingOff(failures: failures)
            case "stopped": .stopped
            default: .starting
            }
    }
}
