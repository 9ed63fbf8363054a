import Synchronization

/// Where the writer notes how it fares, and others look or wait for news.
final class HealthBoard: Sendable {
    private struct State {
        var health = LogHealth.accepting
        var watchers: [UInt64: AsyncStream<LogHealth>.Continuation] = [:]
        var lastTicket: UInt64 = 0
        var isOver = false
    }

    /// What a watcher that does not look may miss; the newest is kept.
    private static let backlog = 64

    private let state = Mutex(State())

    var health: LogHealth { state.withLock { $0.health } }

    /// To be called by one caller at a time, so that watchers hear of changes in their order.
    func set(_ health: LogHealth) {
        let watchers = state.withLock { state in
            state.health = health
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield(health) }
    }

    /// The last word: watchers hear it, and their streams end.
    func close(_ health: LogHealth) {
        set(health)
        let watchers = state.withLock { state in
            state.isOver = true
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        // Out of the lock: ending a stream calls back.
        for watcher in watchers { watcher.finish() }
    }

    /// The health now, then each change.
    func changes() -> AsyncStream<LogHealth> {
        let (stream, continuation) = AsyncStream.makeStream(of: LogHealth.self, bufferingPolicy: .bufferingNewest(Self.backlog))
        let (ticket, isOver) = state.withLock { state in
            state.lastTicket += 1
            // In the lock, so that no change comes before it.
            continuation.yield(state.health)
            if !state.isOver { state.watchers[state.lastTicket] = continuation }
            return (state.lastTicket, state.isOver)
        }
        if isOver {
            continuation.finish()
        } else {
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.watchers.removeValue(forKey: ticket) }
            }
        }
        return stream
    }
}
