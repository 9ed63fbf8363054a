import Timekeeping

/// Who is away when, as the log knows it: declared, and called off.
struct Absences {
    private struct Interval {
        let from: Instant
        var to: Instant
    }

    private var intervals: [String: [Interval]] = [:]

    mutating func declare(_ rpps: String, from: Instant, to: Instant) { intervals[rpps, default: []].append(Interval(from: from, to: to)) }

    mutating func end(_ rpps: String, from: Instant, at instant: Instant) {
        guard var known = intervals[rpps], let index = known.lastIndex(where: { $0.from == from }) else { return }
        known[index].to = min(instant, known[index].to)
        intervals[rpps] = known
    }

    func isAway(_ rpps: String, at instant: Instant) -> Bool {
        intervals[rpps]?.contains { $0.from <= instant && instant < $0.to } ?? false
    }

    func overlaps(_ rpps: String, from: Instant, to: Instant) -> Bool {
        intervals[rpps]?.contains { $0.from < to && from < $0.to } ?? false
    }
}
