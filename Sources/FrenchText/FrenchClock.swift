public import Foundation
public import Timekeeping

/// Times as people here read them: « mer. 25 nov., 18 h 05 », on the wall clock of the territory.
public struct FrenchClock: Sendable {
    private static let weekdays = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]
    private static let months = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
    private static let fullMonths = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ]
    /// Keeps a date on one line.
    static let space = "\u{A0}"

    public let timeZone: TimeZone
    /// The present: another year than this one is written out.
    public let now: Instant

    public init(timeZone: TimeZone, now: Instant) {
        self.timeZone = timeZone
        self.now = now
    }

    /// « mer. 25 nov., 18 h 05 », with no-break spaces; in the hour that autumn repeats, which of the two it is.
    public func text(_ instant: Instant) -> String { "\(day(of: instant)), \(time(of: instant))" }

    /// « mer. 25 nov. ».
    public func day(of instant: Instant) -> String {
        let date = wall(instant).date
        // 1970-01-01 was a Thursday.
        let weekday = Self.weekdays[Self.modulo(date.daysSinceEpoch + 3, 7)]
        let day = [weekday, date.day == 1 ? "1er" : "\(date.day)", Self.months[date.month - 1]].joined(separator: Self.space)
        return date.year == wall(now).date.year ? day : "\(day)\(Self.space)\(date.year)"
    }

    /// « 18 h 05 », or « 2 h 30 (heure d’été) » in the hour that autumn repeats.
    public func time(of instant: Instant) -> String {
        let minute = wall(instant).minuteOfDay
        return "\(minute / 60)\(Self.space)h\(Self.space)\(Self.twoDigits(minute % 60))\(season(instant))"
    }

    /// « 3 mai 1948 » of `1948-05-03`, « mai 1948 » of `1948-05`; anything else as it is.
    public static func date(_ text: String) -> String {
        if let date = CivilDate(iso8601: text) {
            return [date.day == 1 ? "1er" : "\(date.day)", fullMonths[date.month - 1], "\(date.year)"].joined(separator: space)
        }
        if text.utf8.count == 7, let date = CivilDate(iso8601: "\(text)-01") { return "\(fullMonths[date.month - 1])\(space)\(date.year)" }
        return text
    }

    // MARK: - Wall clock

    /// The instant written with the territory's offset.
    public func local(_ instant: Instant) -> Instant {
        let minutes = offset(atSecond: Self.second(of: instant)) / 60
        return Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch, offsetMinutes: Int16(clamping: minutes))
    }

    /// Day, and minute of the day, on the territory's wall clock.
    public func wall(_ instant: Instant) -> (date: CivilDate, minuteOfDay: Int) {
        let second = Self.second(of: instant)
        let local = second + offset(atSecond: second)
        let day = Int(local / 86_400) - (local % 86_400 < 0 ? 1 : 0)
        return (CivilDate(daysSinceEpoch: day), Int(local - Int64(day) * 86_400) / 60)
    }

    private func season(_ instant: Instant) -> String {
        let second = Self.second(of: instant)
        let here = offset(atSecond: second)
        if offset(atSecond: second + 3_600) < here { return " (heure d’été)" }
        if offset(atSecond: second - 3_600) > here { return " (heure d’hiver)" }
        return ""
    }

    /// Seconds ahead of UTC, so many seconds after 1970.
    public func offset(atSecond second: Int64) -> Int64 {
        Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    /// Held within the years that a date can name.
    private static func second(of instant: Instant) -> Int64 {
        let first = Int64(CivilDate.representableDays.lowerBound + 2) * 86_400
        let last = Int64(CivilDate.representableDays.upperBound - 2) * 86_400
        let milliseconds = instant.millisecondsSinceEpoch
        return min(max(milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0), first), last)
    }

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func modulo(_ number: Int, _ divisor: Int) -> Int {
        let rest = number % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
