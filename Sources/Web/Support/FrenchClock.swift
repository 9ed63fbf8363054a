import Foundation
import Timekeeping

/// Times as people here read them: « mer. 25 nov., 18 h 05 », on the wall clock of the territory.
struct FrenchClock: Sendable {
    private static let weekdays = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]
    private static let months = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
    private static let fullMonths = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ]
    /// Keeps a date on one line.
    private static let space = "\u{A0}"

    let timeZone: TimeZone
    /// The present: another year than this one is written out.
    let now: Instant

    func moment(_ instant: Instant) -> Moment { Moment(text: text(instant), machine: local(instant).rfc3339) }

    /// « mer. 25 nov., 18 h 05 », with no-break spaces; in the hour that autumn repeats, which of the two it is.
    func text(_ instant: Instant) -> String {
        let (date, minute) = wall(instant)
        // 1970-01-01 was a Thursday.
        let weekday = Self.weekdays[Self.modulo(date.daysSinceEpoch + 3, 7)]
        let day = [weekday, date.day == 1 ? "1er" : "\(date.day)", Self.months[date.month - 1]].joined(separator: Self.space)
        let year = date.year == wall(now).date.year ? "" : "\(Self.space)\(date.year)"
        return "\(day)\(year), \(Self.time(minute))\(season(instant))"
    }

    /// « 3 mai 1948 » of `1948-05-03`, « mai 1948 » of `1948-05`; anything else as it is.
    static func date(_ text: String) -> String {
        if let date = CivilDate(iso8601: text) {
            return [date.day == 1 ? "1er" : "\(date.day)", fullMonths[date.month - 1], "\(date.year)"].joined(separator: space)
        }
        if text.utf8.count == 7, let date = CivilDate(iso8601: "\(text)-01") { return "\(fullMonths[date.month - 1])\(space)\(date.year)" }
        return text
    }

    /// The form of `<input type="datetime-local">`: `2026-11-25T18:05`.
    func fieldValue(_ instant: Instant) -> String {
        let (date, minute) = wall(instant)
        return "\(date)T\(Self.twoDigits(minute / 60)):\(Self.twoDigits(minute % 60))"
    }

    /// Reads what such a field sends, on the territory's wall clock.
    ///
    /// An hour that spring skips counts from the next one that exists; of an hour that autumn repeats the first is taken.
    /// - Returns: nil if `text` is no local time.
    func instant(fieldValue text: some StringProtocol) -> Instant? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let date = CivilDate(iso8601: parts[0]) else { return nil }
        let time = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(time.count), time.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(time[0]), hour < 24, let minute = Int(time[1]), minute < 60
        else { return nil }
        let wall = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60)
        // The offsets of the day before and after are the only two that can hold: the larger gives the earlier instant.
        let offsets = Set([offset(atSecond: wall - 86_400), offset(atSecond: wall + 86_400)]).sorted(by: >)
        let found = offsets.map { wall - $0 }.first { offset(atSecond: $0) == wall - $0 }
        let second = found ?? wall - (offsets.last ?? 0)
        return local(Instant(millisecondsSinceEpoch: second * 1_000))
    }

    // MARK: - Wall clock

    /// The instant written with the territory's offset.
    private func local(_ instant: Instant) -> Instant {
        let minutes = offset(atSecond: Self.second(of: instant)) / 60
        return Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch, offsetMinutes: Int16(clamping: minutes))
    }

    private func wall(_ instant: Instant) -> (date: CivilDate, minuteOfDay: Int) {
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

    private func offset(atSecond second: Int64) -> Int64 {
        Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    /// Held within the years that a date can name.
    private static func second(of instant: Instant) -> Int64 {
        let first = Int64(CivilDate.representableDays.lowerBound + 2) * 86_400
        let last = Int64(CivilDate.representableDays.upperBound - 2) * 86_400
        let milliseconds = instant.millisecondsSinceEpoch
        return min(max(milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0), first), last)
    }

    private static func time(_ minute: Int) -> String { "\(minute / 60)\(space)h\(space)\(twoDigits(minute % 60))" }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func modulo(_ number: Int, _ divisor: Int) -> Int {
        let rest = number % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
