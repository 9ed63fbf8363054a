import Testing
import Timekeeping

@Suite struct CivilDateTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("2026-11-22", 20_779),
        ("1900-02-28", -25_509), ("1900-03-01", -25_508), ("0000-01-01", -719_528), ("9999-12-31", 2_932_896),
    ])
    func knownDays(text: String, days: Int) throws {
        let date = try #require(CivilDate(iso8601: text))
        #expect(date.daysSinceEpoch == days)
        #expect(CivilDate(daysSinceEpoch: days) == date)
        #expect(date.description == text)
    }

    /// Walks every day RFC 3339 can write, counting the calendar by its definition, beside the arithmetic.
    @Test func everyDayOfTheCalendar() {
        var (year, month, day) = (0, 1, 1)
        for days in CivilDate.representableDays {
            let date = CivilDate(daysSinceEpoch: days)
            guard date.year == year, date.month == month, date.day == day, date.daysSinceEpoch == days else {
                Issue.record("day \(days) gives \(date), expected \(year)-\(month)-\(day)")
                return
            }
            day += 1
            if day > CivilDate.length(ofMonth: month, in: year) {
                day = 1
                month += 1
            }
            if month > 12 {
                month = 1
                year += 1
            }
        }
        #expect(year == 10_000)
    }

    @Test(arguments: [
        "", "2026-1-01", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "2026/01/01", "+026-01-01", "2026-01-011",
    ])
    func refused(text: String) {
        #expect(CivilDate(iso8601: text) == nil)
    }

    @Test func additionStopsAtTheEnds() throws {
        let date = try #require(CivilDate(iso8601: "2026-12-31"))
        #expect(date.adding(days: 1).description == "2027-01-01")
        #expect(date.adding(days: -365).description == "2025-12-31")
        #expect(date.adding(days: .max).description == "9999-12-31")
        #expect(date.adding(days: .min).description == "0000-01-01")
    }
}
