internal import Foundation
internal import Timekeeping

/// The calendar days of a time zone as day numbers since 1970-01-01, without `Calendar`: a zone's offset is all that is needed, and
/// planning resolves thousands of windows.
struct LocalDays {
    private let timeZone: TimeZone

    init(_ timeZone: TimeZone) {
        self.timeZone = timeZone
    }

    /// The day an instant falls on, held within the years that RFC 3339 can write.
    func day(of instant: Instant) -> Int {
        let seconds = Self.seconds(of: instant)
        return Self.floorDivide(seconds + offset(atSeconds: seconds), 86_400)
    }

    /// The day's first instant: midnight, or the end of the gap where the clocks jump over midnight.
    func start(ofDay day: Int) -> Instant {
        let midnight = day * 86_400
        // The offsets a day before and after bracket any change at midnight.
        let before = offset(atSeconds: midnight - 86_400)
        let after = offset(atSeconds: midnight + 86_400)
        let early = midnight - max(before, after)
        let late = midnight - min(before, after)
        // `early` is midnight if its own offset says so; else midnight is skipped or comes at the later candidate.
        let isEarly = early + offset(atSeconds: early) == midnight
        return instant(atSeconds: isEarly ? early : late)
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

    private func offset(atSeconds seconds: Int) -> Int {
        timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }

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
