import Synchronization

/// When events were recorded, and how long they took.
final class Stopwatch: Sendable {
    private struct State {
        var began: [Int64: ContinuousClock.Instant] = [:]
        var durations: [String: [Duration]] = [:]
    }

    private let state = Mutex(State())

    func begin(_ position: Int64) { state.withLock { $0.began[position] = ContinuousClock.now } }

    func end(_ positions: ClosedRange<Int64>, _ name: String) {
        let now = ContinuousClock.now
        state.withLock { state in
            for position in positions {
                guard let began = state.began[position] else { continue }
                state.durations[name, default: []].append(now - began)
            }
        }
    }

    func sorted(_ name: String) -> [Duration] { state.withLock { $0.durations[name, default: []].sorted() } }
}
