import Foundation
import Timekeeping

/// Times as people here read them, on the wall clock of the territory: « le mer. 25 nov., 18 h 05 ».
struct FrenchDates {
    private static let weekdays = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]
    private static let months = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
    /// Keeps a date on one line.
    private static let space = "\u{A0}"

    let timeZone: TimeZone
    /// When the text was made: another year than this one is written out.
    let now: Instant

    /// « le mer. 25 nov., 18 h 05 ».
    func moment(_ instant: Instant) -> String {
        let wall = wall(instant)
        return "le \(day(wall.date)), \(time(wall.minute))\(season(instant))"
    }

    /// « le mer. 25 nov., entre 8 h 00 et 18 h 00 », « entre le mer. 25 nov., 8 h 00 et le ven. 27 nov., 18 h 00 ».
    func window(from: Instant, by: Instant) -> String {
        let (start, end) = (wall(from), wall(by))
        guard start.date == end.date else { return "entre \(moment(from)) et \(moment(by))" }
        if start.minute == end.minute { return moment(by) }
        let times = "entre \(time(start.minute))\(season(from)) et \(time(end.minute))\(season(by))"
        return "le \(day(start.date)), \(times)"
    }

    private func day(_ date: CivilDate) -> String {
        // 1970-01-01 was a Thursday.
        let days = date.daysSinceEpoch + 3
        let weekday = Self.weekdays[days % 7 < 0 ? days % 7 + 7 : days % 7]
        let number = date.day == 1 ? "1er" : "\(date.day)"
        let year = date.year == wall(now).date.year ? "" : "\(Self.space)\(date.year)"
        return [weekday, number, Self.months[date.month - 1]].joined(separator: Self.space) + year
    }

    private func time(_ minute: Int) -> String {
        let minutes = minute % 60
        return "\(minute / 60)\(Self.space)h\(Self.space)\(minutes < 10 ? "0" : "")\(minutes)"
    }

    /// In the hour that autumn repeats, which of the two it is.
    private func season(_ instant: Instant) -> String {
        let second = Self.second(of: instant)
        let here = offset(atSecond: second)
        if offset(atSecond: second + 3_600) < here { return " (heure d’été)" }
        if offset(atSecond: second - 3_600) > here { return " (heure d’hiver)" }
        return ""
    }

    private func wall(_ instant: Instant) -> (date: CivilDate, minute: Int) {
        let second = Self.second(of: instant)
        let local = second + offset(atSecond: second)
        let day = Int(local / 86_400) - (local % 86_400 < 0 ? 1 : 0)
        return (CivilDate(daysSinceEpoch: day), Int(local - Int64(day) * 86_400) / 60)
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
}
