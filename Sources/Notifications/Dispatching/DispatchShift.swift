import EventStore
import Timekeeping

/// Whom a dispatcher sees to, and who comes next. Pure.
struct DispatchShift: Sendable {
    enum Event: Sendable {
        case ended(String, RecipientAttendant.Ending)
        case timer
    }

    struct Visit: Sendable {
        let recipient: String
        let lanes: Set<Lane>
    }

    private struct Hand: Sendable {
        var visits: Int
        let since: Instant
        /// How often the dispatcher had been woken when it began: what came in since may have been missed.
        let wakes: Int
        var again = false
    }

    /// Milliseconds between two looks for urgent news of those whose routine message is with a channel.
    private static let overtakingPause: Int64 = 1_000
    /// Milliseconds by which the clock may be behind before it was set back.
    private static let slack: Int64 = 5_000
    /// Milliseconds of failures after which it can do nothing, whatever it tries.
    private static let patience: Int64 = 60_000

    private let width: Int
    private let backOff = BackOff()
    private var hands: [String: Hand] = [:]
    private var ready = WaitingLine()
    private var first = WaitingLine()
    private var overtaking: [String] = []
    private var wakes = 0
    private var mayBeMore = true
    private var holdUntil: Instant?
    private var armedUntil: Instant?
    private(set) var earlierLook: Instant?
    var nextLook: Instant?
    var overtakenAt: Instant
    private(set) var failures = 0
    /// Since when nothing could be kept.
    private(set) var failingSince: Instant?
    private var latest: Instant?
    /// Everybody is to be looked at: it is not known by what clock their looks were set.
    private(set) var mustLookAtAll = true

    init(width: Int, began: Instant) {
        self.width = width
        overtakenAt = began
    }

    var isIdle: Bool { hands.isEmpty && ready.count == 0 && first.count == 0 }
    var mayRest: Bool { ready.count == 0 && first.count == 0 }
    var inHandNow: Set<String> { Set(hands.keys) }
    var oldestVisit: Instant? { hands.values.map(\.since).min() }

    func isInHand(_ recipient: String) -> Bool { hands[recipient] != nil }

    // MARK: - The clock

    /// To be told at each turn what time it is.
    mutating func turn(at now: Instant) {
        if let latest, now.milliseconds(since: latest) < -Self.slack {
            mustLookAtAll = true
            self.latest = now
            failingSince = failingSince.map { min($0, now) }
        } else {
            latest = max(latest ?? now, now)
        }
    }

    mutating func lookAtAll() { mustLookAtAll = true }

    mutating func lookedAtAll() { mustLookAtAll = false }

    // MARK: - Who comes next

    mutating func take(_ mail: Dispatcher.Mailbox) {
        if mail.wakes > 0 {
            wakes &+= 1
            mayBeMore = true
        }
        for recipient in mail.urgent.sorted() + mail.called {
            if hands[recipient] != nil { hands[recipient]?.again = true } else { first.append(recipient) }
        }
    }

    func wantsMore(at now: Instant) -> Bool {
        if let holdUntil, holdUntil > now, holdUntil <= now.adding(milliseconds: backOff.longest) { return false }
        return mayBeMore && mayRest && hands.count < width
    }

    mutating func add(_ due: [String], isAll: Bool) {
        mayBeMore = !isAll
        holdUntil = nil
        // Those with whom it failed are due still.
        if due.isEmpty, hands.isEmpty { recover() }
        for recipient in due { ready.append(recipient) }
    }

    /// - Returns: whom to see to now, nil if there is nobody or no room.
    mutating func start(at now: Instant) -> Visit? {
        if let recipient = overtaking.popLast() { return Visit(recipient: recipient, lanes: [.urgent]) }
        while hands.count < width {
            guard let recipient = first.popFirst() ?? ready.popFirst() else { return nil }
            if hands[recipient] != nil {
                hands[recipient]?.again = true
                continue
            }
            hands[recipient] = Hand(visits: 1, since: now, wakes: wakes)
            return Visit(recipient: recipient, lanes: Set(Lane.allCases))
        }
        return nil
    }

    func isTimeToOvertake(at now: Instant) -> Bool { now.milliseconds(since: overtakenAt).magnitude >= UInt64(Self.overtakingPause) }

    /// Somebody's urgent news are seen to beside their routine ones.
    mutating func overtake(_ recipient: String) {
        hands[recipient]?.visits += 1
        overtaking.append(recipient)
    }

    // MARK: - What ended

    /// - Returns: what went wrong, if it did.
    mutating func handle(_ event: Event) -> String? {
        guard case .ended(let recipient, let ending) = event else {
            armedUntil = nil
            mayBeMore = true
            return nil
        }
        guard var hand = hands[recipient] else { return nil }
        hand.visits -= 1
        if ending == .again { hand.again = true }
        hands[recipient] = hand.visits > 0 ? hand : nil
        if hand.visits > 0 { return nil }
        if hand.wakes != wakes { mayBeMore = true }
        if hand.again { first.append(recipient) }
        switch ending {
        case .rested(let until):
            recover()
            earlierLook = RecipientPlan.earlier(earlierLook, until)
        case .again: break
        case .failed(let word): return word
        }
        return nil
    }

    /// - Returns: how many failures there were in a row.
    mutating func fail(at now: Instant, chance: UInt64) -> Int {
        failures = min(failures + 1, 1_000)
        failingSince = failingSince ?? now
        let until = now.adding(milliseconds: backOff.pause(afterFailures: failures, chance: chance))
        holdUntil = until
        mayBeMore = true
        earlierLook = RecipientPlan.earlier(earlierLook, until)
        return failures
    }

    private mutating func recover() { (failures, failingSince) = (0, nil) }

    /// Whether nothing could be kept for longer than may pass.
    func isHelpless(at now: Instant) -> Bool { failingSince.map { now.milliseconds(since: $0) > Self.patience } ?? false }

    // MARK: - Pauses

    /// - Returns: for how many milliseconds to wait, beside what is in hand; nil if somebody waits already.
    mutating func arm(at now: Instant) -> Int64? {
        guard armedUntil == nil else { return nil }
        var until = now.adding(milliseconds: Dispatcher.idlePause)
        // What is due already and was not found is in hand.
        for look in [nextLook, earlierLook, holdUntil].compactMap({ $0 }) { until = min(until, look > now ? look : now.adding(seconds: 1)) }
        if !hands.isEmpty { until = min(until, now.adding(milliseconds: Self.overtakingPause)) }
        armedUntil = until
        (nextLook, earlierLook) = (nil, nil)
        return max(1, until.milliseconds(since: now))
    }

    func isArmed(beyond look: Instant) -> Bool { armedUntil.map { look < $0 } ?? false }
}
