import HTTPTypes
import Synchronization

/// Who may wait for news at once: each holds a connection, and looks into the outbox every second.
final class NewsFeedSeats: Sendable {
    /// One who waits. Given up when they go, at the latest when nobody holds it any more: an answer may be dropped before it begins.
    final class Seat: Sendable {
        private let seats: NewsFeedSeats
        private let rpps: String
        private let isTaken = Mutex(true)

        fileprivate init(_ seats: NewsFeedSeats, _ rpps: String) {
            self.seats = seats
            self.rpps = rpps
        }

        deinit { release() }

        func release() {
            let was = isTaken.withLock { taken in
                defer { taken = false }
                return taken
            }
            if was { seats.give(back: rpps) }
        }
    }

    private let taken = Mutex<[String: Int]>([:])
    private let perPerson: Int
    private let inAll: Int

    init(perPerson: Int, inAll: Int) {
        self.perPerson = perPerson
        self.inAll = inAll
    }

    /// How many wait.
    var count: Int { taken.withLock { $0.values.reduce(0, +) } }

    /// - Throws: `Problem` 429.
    func take(for rpps: String) throws(Problem) -> Seat {
        let refusal: Problem? = taken.withLock { taken in
            guard taken[rpps, default: 0] < perPerson else { return .tooManyListeners("this person", perPerson) }
            guard taken.values.reduce(0, +) < inAll else { return .tooManyListeners("everybody", inAll) }
            taken[rpps, default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
        return Seat(self, rpps)
    }

    private func give(back rpps: String) {
        taken.withLock { taken in
            let left = taken[rpps, default: 0] - 1
            taken[rpps] = left > 0 ? left : nil
        }
    }
}

extension Problem {
    fileprivate static func tooManyListeners(_ whose: String, _ limit: Int) -> Problem {
        Problem(
            .tooManyRequests,
            "too-many-listeners",
            "Too many wait for news at once",
            "At most \(limit) connections may wait for news of \(whose); close some, or ask without waiting.",
            retryAfter: 30
        )
    }
}
