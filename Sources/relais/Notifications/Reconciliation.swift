import Notifications
import Synchronization
import Timekeeping

/// Runs the reconciler behind the notifier, and keeps what it found last, for metrics and for whoever asks.
final class Reconciliation: Sendable {
    /// Events of a look. Where it is far behind, pathways are folded anew for each.
    private static let page = 5_000
    private static let pause: Duration = .seconds(5)
    /// Between two counts of the outbox.
    private static let countPause: Duration = .seconds(10)
    /// How long what is settled stays in the outbox: the feed reads it from there.
    private static let kept: Int64 = 30 * 24

    private let reconciler: Reconciler
    private let outbox: any Outbox
    private let time: TimeSource
    private let state = Mutex<State>(State())

    private struct State {
        var last: Reconciler.Report?
        var counts: OutboxCounts?
        var repaired: Int64 = 0
    }

    init(_ reconciler: Reconciler, outbox: any Outbox, time: TimeSource) {
        self.reconciler = reconciler
        self.outbox = outbox
        self.time = time
    }

    /// What the last look found; nil before the first.
    var last: Reconciler.Report? { state.withLock { $0.last } }
    /// What was on its way when it was counted last.
    var counts: OutboxCounts? { state.withLock { $0.counts } }
    /// What nobody is going to tell; nil before the first count.
    var difference: Int64? {
        state.withLock { state in state.counts.map { Int64(state.last?.missing ?? 0) + $0.stranded } }
    }
    /// News that had been forgotten and were taken in since the process began.
    var repaired: Int64 { state.withLock { $0.repaired } }

    /// Until it is cancelled.
    /// - Parameter failed: is told of trouble; it is tried again.
    func run(failed: @Sendable (any Error) -> Void) async {
        var pruned = time.now()
        var counted: ContinuousClock.Instant?
        while !Task.isCancelled {
            var isBehind = false
            do {
                let isTimeToCount = counted.map { $0 + Self.countPause < .now } ?? true
                let report = try await reconciler.look(limit: Self.page, counting: isTimeToCount)
                if isTimeToCount { counted = .now }
                state.withLock { state in
                    isBehind = report.position > (state.last?.position ?? 0) && state.last != nil
                    state.last = report
                    state.counts = report.counts ?? state.counts
                    state.repaired += Int64(report.repaired)
                }
                let now = time.now()
                if now.milliseconds(since: pruned).magnitude > 3_600_000 {
                    try outbox.prune(before: now.adding(hours: -Self.kept))
                    pruned = now
                }
            } catch {
                failed(error)
            }
            // A page at a time while there is a backlog, behind everybody else.
            do { try await Task.sleep(for: isBehind ? .milliseconds(50) : Self.pause) } catch { return }
        }
    }
}
