internal import Foundation
internal import Timekeeping

/// The calendar days of a time zone as day numbers since 1970-01-01, without `Calendar`: a zone's offset is all that is needed, and
/// planning resolves thousands of windows.
struct LocalDays {
    private let offsets: ZoneOffsets

    init(_ timeZone: TimeZone) {
        offsets = ZoneOffsets.of(timeZone)
    }

    /// The day an instant falls on, held within the years that RFC 3339 can write.
    func day(of instant: Instant) -> Int {
        let seconds = Self.seconds(of: instant)
        return Self.floorDivide(seconds + offset(atSeconds: seconds), 86_400)
    }

    /// The day's first instant: midnight, or the end of the gap where the clocks jump over midnight.
    func start(ofDay day: Int) -> Instant { instant(onDay: day, minute: 0) }

    /// The first instant at which the clock on the wall shows a minute of a day; where the clocks skip it, the instant at which they would
    /// have shown it had they not jumped.
    func instant(onDay day: Int, minute: Int) -> Instant {
        let shown = day * 86_400 + minute * 60
        // The offsets a day before and after bracket any change at that time.
        let before = offset(atSeconds: shown - 86_400)
        let after = offset(atSeconds: shown + 86_400)
        let early = shown - max(before, after)
        let late = shown - min(before, after)
        // `early` is the time shown if its own offset says so; else it is skipped or comes at the later candidate.
        let isEarly = early + offset(atSeconds: early) == shown
        return instant(atSeconds: isEarly ? early : late)
    }

    /// The day that an instant falls on, and the minute after midnight that the clock on the wall shows.
    func dayAndMinute(of instant: Instant) -> (day: Int, minute: Int) {
        let seconds = Self.seconds(of: instant)
        let shown = seconds + offset(atSeconds: seconds)
        let day = Self.floorDivide(shown, 86_400)
        return (day, (shown - day * 86_400) / 60)
    }

    /// 23:59:59 of the day: the last whole second before the next day starts.
    func lastSecond(ofDay day: Int) -> Instant {
        let next = start(ofDay: day + 1)
        return localised(next.adding(seconds: -1))
    }

    /// The same instant written with the zone's offset.
    func localised(_ instant: Instant) -> Instant {
        Instant(
            millisecondsSinceEpoch: instant.millisecondsSinceEpoch,
            offsetMinutes: Int16(clamping: offset(atSeconds: Self.seconds(of: instant)) / 60)
        )
    }

    private func instant(atSeconds seconds: Int) -> Instant {
        Instant(millisecondsSinceEpoch: Int64(seconds) * 1_000, offsetMinutes: Int16(clamping: offset(atSeconds: seconds) / 60))
    }

    private func offset(atSeconds seconds: Int) -> Int { offsets.offset(atSeconds: seconds) }

    /// Whole seconds, held within years 0 to 9999 so that no sum on days can overflow.
    private static func seconds(of instant: Instant) -> Int {
        let days = CivilDate.representableDays
        let seconds = floorDivide(Int(instant.millisecondsSinceEpoch), 1_000)
        return min(max(seconds, days.lowerBound * 86_400), days.upperBound * 86_400)
    }

    private static func floorDivide(_ number: Int, _ divisor: Int) -> Int {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }
}
