import NIOCore
import Synchronization

/// Which connections a server has, what it has counted, and whether it is stopping: all that its threads share.
final class MLLPConnectionRegistry: Sendable {
    /// Tells a connection to close as soon as the frame in hand is answered.
    struct StopRequest: Sendable {}
    /// Tells a connection to close if its frame is still unfinished: all together hold too much.
    struct CrowdedOut: Sendable {}

    private struct State {
        var counters = MLLPCounters()
        var lastConnection: UInt64 = 0
        var connections: [UInt64: any Channel] = [:]
        /// Bytes of unfinished frames, by connection, where there are any.
        var unfinished: [UInt64: Int] = [:]
        var unfinishedLength = 0
        var listener: (any Channel)?
        var isStopping = false
        var isAbandoned = false
        var waiter: CheckedContinuation<Void, Never>?

        var isDrained: Bool { isAbandoned || connections.isEmpty }
    }

    private let state = Mutex(State())

    var counters: MLLPCounters {
        state.withLock { $0.counters }
    }

    func count(_ change: (inout MLLPCounters) -> Void) {
        state.withLock { change(&$0.counters) }
    }

    func listen(with listener: any Channel) {
        let isStopping = state.withLock { state in
            state.listener = listener
            return state.isStopping
        }
        if isStopping { listener.close(promise: nil) }
    }

    /// The number of a new connection; `nil` when there are too many or the server is stopping.
    func admit(_ channel: any Channel, maximum: Int) -> UInt64? {
        state.withLock { state in
            guard !state.isStopping, state.connections.count < maximum else {
                state.counters.refused += 1
                return nil
            }
            state.lastConnection += 1
            state.connections[state.lastConnection] = channel
            state.counters.connections += 1
            state.counters.openConnections += 1
            return state.lastConnection
        }
    }

    /// The connection is closed and none of its frames is in hand any more.
    func remove(_ connection: UInt64) {
        let waiter = state.withLock { state in
            Self.setUnfinished(0, of: connection, &state)
            if state.connections.removeValue(forKey: connection) != nil { state.counters.openConnections -= 1 }
            return Self.takeWaiter(&state)
        }
        waiter?.resume()
    }

    /// Notes how many bytes of an unfinished frame a connection holds. When all hold more than `maximum` together, the one that holds the
    /// most is told to close.
    func setUnfinished(_ length: Int, of connection: UInt64, maximum: Int) {
        let crowdedOut = state.withLock { state in
            Self.setUnfinished(length, of: connection, &state)
            guard state.unfinishedLength > maximum, let longest = state.unfinished.max(by: { $0.value < $1.value })?.key else {
                return nil as (any Channel)?
            }
            // Not counted again: it is about to close.
            Self.setUnfinished(0, of: longest, &state)
            return state.connections[longest]
        }
        crowdedOut?.pipeline.fireUserInboundEventTriggered(CrowdedOut())
    }

    func stop() {
        let (listener, connections) = state.withLock { state in
            state.isStopping = true
            return (state.listener, Array(state.connections.values))
        }
        listener?.close(promise: nil)
        for connection in connections {
            connection.pipeline.fireUserInboundEventTriggered(StopRequest())
        }
    }

    /// The listener is closed: nobody is to close it again, when its event loop may be gone.
    func listenerClosed() {
        state.withLock { $0.listener = nil }
    }

    /// Closes what is still open, forgets it, and lets `drained()` return although some frames may still be in hand.
    func abandon() {
        let (connections, waiter) = state.withLock { state in
            state.isAbandoned = true
            let connections = Array(state.connections.values)
            state.connections = [:]
            state.counters.openConnections -= connections.count
            return (connections, Self.takeWaiter(&state))
        }
        for connection in connections {
            connection.close(promise: nil)
        }
        waiter?.resume()
    }

    /// Runs `work`, which must be short, while the network's threads are sure to be there.
    func unlessAbandoned(_ work: () -> Void) {
        state.withLock { state in
            if !state.isAbandoned { work() }
        }
    }

    /// Returns once every connection is gone.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if !state.isDrained { state.waiter = continuation }
                return state.isDrained
            }
            if isDrained { continuation.resume() }
        }
    }

    private static func setUnfinished(_ length: Int, of connection: UInt64, _ state: inout State) {
        let before = state.unfinished[connection] ?? 0
        state.unfinishedLength += length - before
        state.unfinished[connection] = length > 0 ? length : nil
    }

    private static func takeWaiter(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        guard state.isDrained else { return nil }
        defer { state.waiter = nil }
        return state.waiter
    }
}
