internal import Timekeeping

/// The dates that files carry.
enum ISODate {
    static let expectedDay = "a day of the calendar as 2026-11-22"
    static let expectedPeriod = "a year, a month or a day as \"2015\", \"2015-02\" or 2015-02-14"

    /// The text itself if it is a real day, `YYYY-MM-DD`.
    static func day(_ text: String) -> String? {
        CivilDate(iso8601: text) == nil ? nil : text
    }

    /// The text itself if it is a year, a month or a day: sources are often dated by their year only.
    static func period(_ text: String) -> String? {
        switch text.utf8.count {
        case 4: CivilDate(iso8601: text + "-01-01") == nil ? nil : text
        case 7: CivilDate(iso8601: text + "-01") == nil ? nil : text
        default: day(text)
        }
    }
}
