import Timekeeping

/// What to do about a log whose disk failed. Pure: told what happened, it says what comes next.
struct Recovery: Sendable {
    enum Step: Sendable, Hashable {
        case retry(afterMilliseconds: Int64)
        case close(EventStoreError)
    }

    private static let firstPause: Int64 = 100
    private static let longestPause: Int64 = 1000
    /// Attempts in a row that find damage, about 20 seconds, after which it is taken for real: a disk that reads badly
    /// for a moment makes a good file look damaged.
    private static let damageLimit = 20

    let since: Instant
    private(set) var reason: EventStoreError
    private(set) var attempts = 0
    private var damages = 0
    /// What must be found again.
    var point: ResumePoint

    init(since: Instant, reason: EventStoreError, point: ResumePoint) {
        self.since = since
        self.reason = reason
        self.point = point
    }

    var health: LogHealth { .refusing(since: since, reason: reason, attempts: attempts) }

    /// Milliseconds before the next attempt.
    var pause: Int64 { min(Self.firstPause << Int64(min(attempts, 10)), Self.longestPause) }

    /// What callers are told meanwhile; retriable whatever the reason.
    var refusal: EventStoreError { Self.refusal(because: reason) }

    /// Nothing of the request was acknowledged, and it may be repeated, whatever went wrong.
    static func refusal(because reason: EventStoreError) -> EventStoreError {
        EventStoreError(
            reason.code == .diskFull ? .diskFull : .storageUnavailable,
            "The log accepts nothing until its disk recovers (\(reason.message)) Repeat the request later, under the same command key.",
            facts: reason.facts
        )
    }

    /// An attempt to resume failed.
    mutating func failed(with error: EventStoreError) -> Step {
        attempts += 1
        reason = error
        switch error.code {
        case .ownedByAnother, .wrongLog, .schemaTooNew, .notPromoted, .notAReplica:
            return .close(error)
        case .corrupted, .notALog, .durabilityLowered:
            damages += 1
            if damages >= Self.damageLimit { return .close(error) }
        default:
            damages = 0
        }
        return .retry(afterMilliseconds: pause)
    }
}
