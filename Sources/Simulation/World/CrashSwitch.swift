import EventStore
import Synchronization

/// Kills the coordinator's process at a chosen moment: from then on nothing that it holds answers, until it is started again.
final class CrashSwitch: Sendable {
    /// Where a process can die.
    enum Moment: CaseIterable, Sendable {
        /// The log has nothing of the decision.
        case beforeAppend
        /// The decision is durable, and nobody was told.
        case afterAppend
        /// The effects of a page are durable, its checkpoint is not.
        case beforeCheckpoint
        /// The checkpoint is saved, and nobody was told.
        case afterCheckpoint
        /// The follow-ups are planned, the timer of their next deadline is not set.
        case beforeTimer
    }

    private struct State {
        var armed: (moment: Moment, countdown: Int)?
        var isDown = false
    }

    private let state = Mutex(State())

    var isDown: Bool { state.withLock { $0.isDown } }

    /// - Parameter countdown: how often the moment passes before the process dies; 0 = the next time.
    func arm(_ moment: Moment, countdown: Int) { state.withLock { $0.armed = (moment, countdown) } }

    func restart() {
        state.withLock { state in
            state.isDown = false
            state.armed = nil
        }
    }

    func stop() { state.withLock { $0.isDown = true } }

    /// - Throws: if the process is dead, or dies now.
    func pass(_ moment: Moment? = nil) throws {
        try state.withLock { state in
            if state.isDown { throw Self.dead }
            guard let armed = state.armed, armed.moment == moment else { return }
            if armed.countdown > 0 {
                state.armed = (armed.moment, armed.countdown - 1)
            } else {
                state.armed = nil
                state.isDown = true
                throw Self.dead
            }
        }
    }

    private static let dead = EventStoreError(.storageUnavailable, "The simulated process is dead: start it again.")
}
