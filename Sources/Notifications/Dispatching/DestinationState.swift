import Timekeeping

/// How one destination fares, and who waits for it. Pure.
struct DestinationState: Sendable {
    enum Entry: Hashable, Sendable {
        case free(isProbe: Bool)
        /// Not now, whoever it is: to be looked at then, unless called before.
        case wait(until: Instant)
        /// As ``wait``, since nobody answers there.
        case down(until: Instant)
    }

    /// What an attempt says of the destination, whatever it says of the message.
    enum Verdict: Hashable, Sendable {
        case answered
        case silent
        /// We broke off ourselves.
        case unknown
    }

    static let failuresToBreak = 3
    /// Milliseconds between two probes.
    static let firstPause: Int64 = 10_000
    static let longestPause: Int64 = 300_000
    /// Milliseconds until those are looked at who wait for a place, should nobody call them.
    private static let longestWait: Int64 = 30_000
    /// Milliseconds between the looks at two of those who wait: a hundred a second leave time for all others.
    private static let spacing: Int64 = 10
    /// More are not remembered; they come when their time has come.
    private static let mostWaiting = 100_000

    let parallel: Int
    private(set) var inFlight = 0
    private(set) var failures = 0
    private var isProbing = false
    /// Nil while it is up.
    private(set) var probeAt: Instant?
    private var pause = firstPause
    private var urgent = WaitingLine()
    private var routine = WaitingLine()

    init(parallel: Int) { self.parallel = max(1, parallel) }

    /// A quarter of the places is for what is urgent.
    private var routinePlaces: Int { max(1, parallel - parallel / 4) }
    var isDown: Bool { probeAt != nil }
    var isIdle: Bool { inFlight == 0 && failures == 0 && !isDown && waiting == 0 }
    var waiting: Int { urgent.count + routine.count }

    mutating func enter(isUrgent: Bool, at now: Instant) -> Entry {
        let delay = Self.spacing * Int64(min(waiting, Self.mostWaiting))
        if let probeAt {
            // No pause is longer: then the clock was set back.
            let isTime = probeAt <= now || probeAt > now.adding(milliseconds: Self.longestPause)
            guard isTime, !isProbing else {
                let base = isTime ? now.adding(milliseconds: Self.firstPause) : probeAt
                return .down(until: base.adding(milliseconds: delay))
            }
            isProbing = true
            inFlight += 1
            return .free(isProbe: true)
        }
        guard inFlight < (isUrgent ? parallel : routinePlaces) else { return .wait(until: now.adding(milliseconds: Self.longestWait + delay)) }
        inFlight += 1
        return .free(isProbe: false)
    }

    /// - Returns: who may be looked at now.
    mutating func leave(_ verdict: Verdict, isProbe: Bool, at now: Instant) -> [String] {
        inFlight = max(0, inFlight - 1)
        if isProbe { isProbing = false }
        switch verdict {
        case .answered:
            (failures, probeAt, pause) = (0, nil, Self.firstPause)
        case .silent:
            failures = min(failures + 1, 1_000)
            if failures >= Self.failuresToBreak, isProbe || !isDown {
                if isProbe { pause = min(pause * 2, Self.longestPause) }
                probeAt = now.adding(milliseconds: pause)
            }
        case .unknown: break
        }
        return isDown ? [] : callIn()
    }

    /// Has somebody called as soon as there is a place; at once if there is one.
    mutating func wait(_ recipient: String, isUrgent: Bool) -> [String] {
        if waiting < Self.mostWaiting {
            if isUrgent { urgent.append(recipient) } else { routine.append(recipient) }
        }
        return isDown ? [] : callIn()
    }

    private mutating func callIn() -> [String] {
        var called: [String] = []
        while inFlight + called.count < parallel, let next = urgent.popFirst() { called.append(next) }
        // Whoever is called in for a place that is not for them would wait for it again at once, and so for ever.
        while inFlight + called.count < routinePlaces, let next = routine.popFirst() { called.append(next) }
        return called
    }
}
