import Timekeeping

/// When somebody works, where they live.
struct WorkingHours: Hashable {
    /// Minutes after midnight.
    let from: Int
    let to: Int
    /// How many days of a week, from Monday.
    let days: Int

    static let nurse = WorkingHours(from: 6 * 60 + 30, to: 20 * 60, days: 7)
    static let surgery = WorkingHours(from: 8 * 60 + 30, to: 19 * 60, days: 6)
    static let office = WorkingHours(from: 9 * 60, to: 17 * 60 + 30, days: 5)

    /// `minutes` of work after an instant: the clock runs in working hours only.
    func after(_ minutes: Double, from start: Instant) -> Instant {
        var left = max(1, Int(minutes))
        var reading = ParisTime.reading(start)
        var minute = reading.minute
        var day = reading.day
        while true {
            reading = ParisTime.Reading(day: day, minute: 0)
            if reading.weekday < days, minute < to {
                let opening = max(minute, from)
                if opening + left <= to { return max(start, ParisTime.instant(day: day, minute: opening + left)) }
                left -= to - opening
            }
            day += 1
            minute = 0
        }
    }
}
