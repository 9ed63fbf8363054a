import Synchronization

/// Who is being seen to. While a routine message of somebody is with a channel, their urgent ones may be seen to beside it.
final class DispatchCrew: Sendable {
    private struct State {
        var inFlight: Set<String> = []
        var overtaken: Set<String> = []
    }

    private let state = Mutex(State())

    /// A routine message of somebody is with a channel.
    func takeOff(_ recipient: String) { state.withLock { _ = $0.inFlight.insert(recipient) } }

    /// - Returns: whether somebody else sees to them now.
    func land(_ recipient: String) -> Bool {
        state.withLock { state in
            state.inFlight.remove(recipient)
            return state.overtaken.contains(recipient)
        }
    }

    /// Those whose routine message is with a channel, and whose urgent ones nobody sees to.
    var overtakable: Set<String> { state.withLock { $0.inFlight.subtracting($0.overtaken) } }

    /// - Returns: false if it came too late: whoever saw to them goes on.
    func overtake(_ recipient: String) -> Bool {
        state.withLock { $0.inFlight.contains(recipient) && $0.overtaken.insert(recipient).inserted }
    }

    func endOvertaking(_ recipient: String) { state.withLock { _ = $0.overtaken.remove(recipient) } }
}
