public import EventStore
import Synchronization
public import Timekeeping

/// Timers that a process forgets when it ends: for a simulator, whose log ends with it too.
public final class InMemoryDeadlineStore: DeadlineStore {
    private struct Timers: Sendable {
        var byStream: [StreamID: PathwayTimer] = [:]
        /// In the order in which they ring. What was set anew since is still in it, and is passed over.
        var queue = TimerQueue()

        mutating func put(_ timer: PathwayTimer?, for stream: StreamID) {
            // It is in the queue already.
            if let timer, byStream[stream] == timer { return }
            byStream[stream] = timer
            if let timer { queue.insert(timer) }
        }

        /// Takes the first timer that still counts out of the queue.
        mutating func popFirst() -> PathwayTimer? {
            while let first = queue.popFirst() {
                if byStream[first.stream] == first { return first }
            }
            return nil
        }
    }

    private let timers = Mutex(Timers())

    public init() {}

    public func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) {
        timers.withLock { timers in
            if let present = timers.byStream[stream], present.version > version { return }
            timers.put(due.map { PathwayTimer(stream: stream, due: $0, version: version) }, for: stream)
        }
    }

    public func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) {
        timers.withLock { timers in
            guard timers.byStream[timer.stream] == timer else { return }
            timers.put(due.map { PathwayTimer(stream: timer.stream, due: $0, version: version) }, for: timer.stream)
        }
    }

    public func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) -> [PathwayTimer] {
        timers.withLock { timers in
            var found: [PathwayTimer] = []
            var seen: Set<StreamID> = []
            var kept: [PathwayTimer] = []
            while found.count < limit, let timer = timers.popFirst() {
                // A timer that was set back to what it was is in the queue twice.
                guard seen.insert(timer.stream).inserted else { continue }
                kept.append(timer)
                guard timer.due <= instant else { break }
                if !excluded.contains(timer.stream) { found.append(timer) }
            }
            for timer in kept { timers.queue.insert(timer) }
            return found
        }
    }

    public func timers(after stream: StreamID?, limit: Int) -> [PathwayTimer] {
        let present = timers.withLock { $0.byStream.values.filter { timer in stream.map { $0 < timer.stream } ?? true } }
        return Array(present.sorted { $0.stream < $1.stream }.prefix(limit))
    }

    public func next() -> Instant? {
        timers.withLock { timers in
            guard let first = timers.popFirst() else { return nil }
            timers.queue.insert(first)
            return first.due
        }
    }

    public func ringAll(at instant: Instant) {
        timers.withLock { timers in
            for timer in timers.byStream.values where timer.due > instant {
                timers.put(PathwayTimer(stream: timer.stream, due: instant, version: timer.version), for: timer.stream)
            }
        }
    }
}
