/// When an exchange has lasted long enough, by the machine's monotonic clock: a limit on waiting, not a time that anyone is told.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(in duration: Duration) {
        end = .now + duration
    }

    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }
    var hasPassed: Bool { ContinuousClock.now >= end }
}
