public import Timekeeping

/// Whether a follower can be relied on, judged against the log's own head.
public struct FollowerHealth: Sendable, Hashable {
    public let name: String
    public let kind: FollowerKind
    /// Events not taken in yet.
    public let lag: Int64
    /// Milliseconds since the oldest of them was recorded; nil if there is none.
    public let oldestPending: Int64?
    /// Milliseconds since its last sign of life; nil if it never gave one.
    public let heartbeat: Int64?
    /// Milliseconds that the page in hand has been in hand; nil between pages.
    public let handling: Int64?
    public let parked: Int64
    /// Nil = ready; else what is wrong, nothing about a patient.
    public let problem: String?

    public var isReady: Bool { problem == nil }

    /// Judges every follower that should run. Pure: the same facts give the same verdict.
    ///
    /// - Parameters:
    ///   - expected: the followers that must be there, with their kind; what else reports is judged too.
    ///   - head: read from the log independently of the followers.
    ///   - firstPending: by follower, when the first event after its position was recorded.
    /// - Returns: by name.
    public static func evaluate(
        _ reports: [FollowerReport],
        expecting expected: [String: FollowerKind],
        head: LogHead,
        firstPending: [String: Instant],
        now: Instant,
        bounds: FollowerBounds = FollowerBounds()
    ) -> [FollowerHealth] {
        let reporting = Set(reports.map(\.status.name))
        let missing = expected.filter { !reporting.contains($0.key) }.map { name, kind in
            FollowerHealth(
                name: name,
                kind: kind,
                lag: head.position,
                oldestPending: nil,
                heartbeat: nil,
                handling: nil,
                parked: 0,
                problem: "has never reported; is the server running?"
            )
        }
        let judged = reports.map { judge($0, head: head, firstPending: firstPending[$0.status.name], now: now, bounds: bounds) }
        return (missing + judged).sorted { $0.name < $1.name }
    }

    /// The same with what is pending looked up in the log.
    ///
    /// - Throws: what reading the log throws.
    public static func evaluate(
        _ reports: [FollowerReport],
        expecting expected: [String: FollowerKind],
        log: some EventReader,
        now: Instant,
        bounds: FollowerBounds = FollowerBounds()
    ) throws -> [FollowerHealth] {
        let head = try log.head()
        var firstPending: [String: Instant] = [:]
        for report in reports where report.status.position < head.position {
            firstPending[report.status.name] = try log.read(after: report.status.position, limit: 1).first?.recordedAt
        }
        return evaluate(reports, expecting: expected, head: head, firstPending: firstPending, now: now, bounds: bounds)
    }

    private static func judge(
        _ report: FollowerReport,
        head: LogHead,
        firstPending: Instant?,
        now: Instant,
        bounds: FollowerBounds
    ) -> FollowerHealth {
        let status = report.status
        func age(_ instant: Instant?) -> Int64? { instant.map { ($0.millisecondsSinceEpoch - now.millisecondsSinceEpoch).magnitudeClamped } }
        let lag = status.lag(behind: head)
        let pending = lag > 0 ? age(firstPending) : nil
        let facts = Facts(
            silence: age(report.reportedAt) ?? 0,
            heartbeat: age(status.heartbeat),
            handling: age(status.handling?.since),
            pending: pending,
            lag: lag
        )
        return FollowerHealth(
            name: status.name,
            kind: status.kind,
            lag: lag,
            oldestPending: pending,
            heartbeat: facts.heartbeat,
            handling: facts.handling,
            parked: report.parked,
            problem: problem(of: report, facts, bounds)
        )
    }

    private struct Facts {
        let silence: Int64
        let heartbeat: Int64?
        let handling: Int64?
        let pending: Int64?
        let lag: Int64
    }

    /// The first that applies, from what stops it to what only slows it.
    private static func problem(of report: FollowerReport, _ facts: Facts, _ bounds: FollowerBounds) -> String? {
        let status = report.status
        let because = status.lastError.map { ": \($0)" } ?? ""
        if facts.silence > bounds.silence { return "has not reported for \(seconds(facts.silence)) s: nobody runs it" }
        if case .stopped = status.state { return "has stopped\(because)" }
        if let handling = facts.handling {
            if handling > bounds.handling {
                let events = status.handling.map { "events \($0.first) to \($0.last)" } ?? "a page"
                return "has been busy with \(events) for \(seconds(handling)) s"
            }
        } else if let heartbeat = facts.heartbeat {
            // While it pauses after a failure it gives no sign of life, and what is pending tells.
            let isPausing = if case .backingOff = status.state { true } else { false }
            if heartbeat > bounds.heartbeat && !isPausing { return "has given no sign of life for \(seconds(heartbeat)) s" }
        } else {
            return "has not started"
        }
        if case .backingOff(let failures) = status.state, failures > 2 || (facts.pending ?? 0) > bounds.pending {
            return "has failed \(failures) times in a row\(because)"
        }
        if let pending = facts.pending, pending > bounds.pending {
            return "is \(facts.lag) events behind, the oldest recorded \(seconds(pending)) s ago"
        }
        return report.parked > 0 ? "has parked \(report.parked) events" : nil
    }

    private static func seconds(_ milliseconds: Int64) -> Int64 { milliseconds / 1_000 }
}

extension Int64 {
    /// A report from the future is as old as it is ahead: the clock was set back since, and nobody knows more.
    fileprivate var magnitudeClamped: Int64 { Int64(clamping: magnitude) }
}
