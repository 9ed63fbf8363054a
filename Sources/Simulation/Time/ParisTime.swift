import Timekeeping

/// Wall-clock time in metropolitan France: UTC+1, UTC+2 from the last Sunday of March to the last one of October, 01:00 UTC
/// (directive 2000/84/CE). By arithmetic, so that a year of simulated people costs no calendar.
enum ParisTime {
    static let millisecondsPerDay: Int64 = 86_400_000

    /// A local day and the minute in it.
    struct Reading: Hashable {
        /// Days since 1970-01-01.
        let day: Int
        let minute: Int

        /// 0 = Monday.
        var weekday: Int { ParisTime.weekday(ofDay: day) }
    }

    /// 0 = Monday. Before 1970 too.
    static func weekday(ofDay day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }

    static func offsetMinutes(at instant: Instant) -> Int {
        let days = floorDivision(instant.millisecondsSinceEpoch, millisecondsPerDay)
        let year = CivilDate(daysSinceEpoch: Int(days)).year
        let start = change(month: 3, in: year)
        let end = change(month: 10, in: year)
        return start <= instant.millisecondsSinceEpoch && instant.millisecondsSinceEpoch < end ? 120 : 60
    }

    static func reading(_ instant: Instant) -> Reading {
        let local = instant.millisecondsSinceEpoch + Int64(offsetMinutes(at: instant)) * 60_000
        let day = floorDivision(local, millisecondsPerDay)
        return Reading(day: Int(day), minute: Int((local - day * millisecondsPerDay) / 60_000))
    }

    /// The instant of a wall-clock reading; in the hour that is missing, an hour later; in the hour that comes twice, the first.
    static func instant(day: Int, minute: Int) -> Instant {
        let local = Int64(day) * millisecondsPerDay + Int64(minute) * 60_000
        let summer = Instant(millisecondsSinceEpoch: local - 120 * 60_000)
        return offsetMinutes(at: summer) == 120 ? summer : Instant(millisecondsSinceEpoch: local - 60 * 60_000)
    }

    /// With the offset of then, as a French system writes it.
    static func written(_ instant: Instant) -> Instant {
        Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch, offsetMinutes: Int16(clamping: offsetMinutes(at: instant)))
    }

    /// 01:00 UTC of the last Sunday of a month of 31 days.
    private static func change(month: Int, in year: Int) -> Int64 {
        guard let last = CivilDate(year: year, month: month, day: 31)?.daysSinceEpoch else { return 0 }
        let sunday = last - (weekday(ofDay: last) + 1) % 7
        return Int64(sunday) * millisecondsPerDay + 3_600_000
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
