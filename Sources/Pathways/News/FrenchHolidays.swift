public import Timekeeping

/// The public holidays of France (code du travail, art. L3133-1), without those of Alsace and Moselle.
public enum FrenchHolidays {
    /// Whether a day is one.
    public static func contains(_ date: CivilDate) -> Bool {
        if fixed.contains(where: { $0 == (date.month, date.day) }) { return true }
        let days = date.daysSinceEpoch - easterSunday(of: date.year).daysSinceEpoch
        return moving.contains(days)
    }

    /// Those of a year, in the order of the calendar.
    public static func days(of year: Int) -> [CivilDate] {
        let easter = easterSunday(of: year)
        return (fixed.compactMap { CivilDate(year: year, month: $0.0, day: $0.1) } + moving.map { easter.adding(days: $0) }).sorted()
    }

    /// By the Gregorian computus (Meeus, Jones and Butcher).
    public static func easterSunday(of year: Int) -> CivilDate {
        let golden = year % 19
        let (century, yearOfCentury) = (year / 100, year % 100)
        let correction = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - century / 4 - correction + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let late = (golden + 11 * epact + 22 * weekday) / 451
        let march = epact + weekday - 7 * late + 114
        return CivilDate(year: year, month: march / 31, day: march % 31 + 1) ?? CivilDate(daysSinceEpoch: 0)
    }

    /// New Year, Labour Day, 1945, the Bastille, the Assumption, All Saints, 1918, Christmas.
    private static let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    /// Days after Easter Sunday: Easter Monday, the Ascension, Whit Monday.
    private static let moving = [1, 39, 50]
}
