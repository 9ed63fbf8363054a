public import EventStore
import Pathways
import Synchronization

/// Who waits for the log to show a fact.
public final class FactSigns: Sendable {
    /// Somebody who waits.
    public struct Sign: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct Wait {
        let fact: ToldFact
        var isSeen = false
        var continuation: CheckedContinuation<Bool, Never>?
    }

    private let state = Mutex<(count: Int, waits: [Int: Wait], isOver: Bool)>((0, [:], false))
    private let sleep: @Sendable (Int64) async throws -> Void

    /// - Parameter sleep: suspends for some milliseconds.
    public init(sleep: @escaping @Sendable (Int64) async throws -> Void = FollowerRunner.Surroundings.system.sleep) { self.sleep = sleep }

    /// From now on the fact is looked out for.
    public func expect(_ fact: ToldFact) -> Sign {
        state.withLock { state in
            state.count += 1
            state.waits[state.count] = Wait(fact: fact)
            return Sign(number: state.count)
        }
    }

    public func forget(_ sign: Sign) { end(sign) }

    /// The log shows it.
    public func see(_ fact: ToldFact) {
        let seen = state.withLock { state in
            var seen: [CheckedContinuation<Bool, Never>] = []
            for (number, wait) in state.waits where wait.fact.isRecorded(as: fact) {
                if let continuation = wait.continuation {
                    seen.append(continuation)
                    state.waits[number] = nil
                } else {
                    state.waits[number]?.isSeen = true
                }
            }
            return seen
        }
        for continuation in seen { continuation.resume(returning: true) }
    }

    /// - Returns: whether it was seen in so many milliseconds.
    public func wait(for sign: Sign, atMost limit: Int64) async -> Bool {
        let timer = Task { [weak self, sleep] in
            try? await sleep(limit)
            self?.end(sign)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let known: Bool? = state.withLock { state in
                guard let wait = state.waits[sign.number] else { return false }
                if wait.isSeen || state.isOver {
                    state.waits[sign.number] = nil
                    return wait.isSeen
                }
                state.waits[sign.number]?.continuation = continuation
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Nobody waits any longer, and nobody who comes later: all is to end.
    public func giveUp() {
        let waits = state.withLock { state in
            state.isOver = true
            defer { state.waits = [:] }
            return state.waits.values
        }
        for wait in waits { wait.continuation?.resume(returning: wait.isSeen) }
    }

    private func end(_ sign: Sign) {
        let wait = state.withLock { $0.waits.removeValue(forKey: sign.number) }
        wait?.continuation?.resume(returning: false)
    }
}
