import Pathways
import Testing
import Timekeeping

@Suite("Routine news wait at night and on free days")
struct QuietTimesTests {
    /// By the tables of the Bureau des longitudes.
    @Test(arguments: [
        (1961, "1961-04-02"), (2000, "2000-04-23"), (2008, "2008-03-23"), (2011, "2011-04-24"), (2019, "2019-04-21"), (2024, "2024-03-31"),
        (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2038, "2038-04-25"), (2049, "2049-04-18"), (2076, "2076-04-19"),
    ])
    func easter(year: Int, day: String) {
        #expect(FrenchHolidays.easterSunday(of: year).description == day)
    }

    @Test func easterIsASundayBetweenItsLimits() {
        for year in 1583...2999 {
            let day = FrenchHolidays.easterSunday(of: year)
            #expect((day.daysSinceEpoch - 3) % 7 == 0, "\(day)")
            #expect((day.month == 3 && day.day >= 22) || (day.month == 4 && day.day <= 25), "\(day)")
        }
    }

    @Test func theHolidaysOfAYear() {
        let expected = [
            "2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15", "2026-11-01",
            "2026-11-11", "2026-12-25",
        ]
        #expect(FrenchHolidays.days(of: 2026).map(\.description) == expected)
        let all = FrenchHolidays.days(of: 2026)
        let first = CivilDate(iso8601: "2026-01-01")?.daysSinceEpoch ?? 0
        for day in first..<(first + 365) {
            let date = CivilDate(daysSinceEpoch: day)
            #expect(FrenchHolidays.contains(date) == all.contains(date), "\(date)")
        }
    }

    private let night = QuietHours(from: 20 * 60, to: 7 * 60)

    @Test(
        arguments: [
            // A Monday.
            ("2026-11-16T14:00:00+01:00", nil), ("2026-11-16T21:00:00+01:00", "2026-11-17T07:00:00+01:00"),
            // Saturday evening: Sunday is free too.
            ("2026-11-21T21:00:00+01:00", "2026-11-23T07:00:00+01:00"), ("2026-11-22T12:00:00+01:00", "2026-11-23T07:00:00+01:00"),
            // All Saints' 2026 is a Sunday; Christmas 2026 a Friday.
            ("2026-12-24T21:00:00+01:00", "2026-12-26T07:00:00+01:00"),
            // The clocks go forward in the night to Easter Sunday 2027, and Monday is free.
            ("2027-03-27T21:00:00+01:00", "2027-03-30T07:00:00+02:00"),
            // New Year's Eve 2027 is a Friday; the first of January a Saturday.
            ("2027-12-31T22:00:00+01:00", "2028-01-03T07:00:00+01:00"),
        ] as [(String, String?)]
    )
    func nightsAndFreeDaysFollowOneAnother(at: String, end: String?) {
        let times = QuietTimes(hours: night, holidays: .french, timeZone: Example.paris)
        #expect(times.end(at: Example.instant(at)) == end.map(Example.instant))
    }

    @Test func withoutHolidaysNightsAloneCount() {
        let times = QuietTimes(hours: night, holidays: .none, timeZone: "Europe/Paris")
        #expect(times.end(at: Example.instant("2026-11-22T12:00:00+01:00")) == nil)
        let free = QuietTimes(hours: nil, holidays: .french, timeZone: "Europe/Paris")
        #expect(free.end(at: Example.instant("2026-11-22T12:00:00+01:00")) == Example.instant("2026-11-23T00:00:00+01:00"))
        #expect(free.end(at: Example.instant("2026-11-16T23:00:00+01:00")) == nil)
    }

    private func news(_ urgency: News.Urgency, answerBy: String? = nil) -> News {
        News(
            key: NewsKey(event: "e", recipient: "r", template: "t"),
            occurredAt: Example.instant("2026-11-22T10:00:00+01:00"),
            urgency: urgency,
            pathway: nil,
            followUp: nil,
            answerBy: answerBy.map(Example.instant),
            asks: answerBy != nil,
            named: true
        )
    }

    @Test func whatIsUrgentOrMustBeAnsweredBeforeDoesNotWaitForMonday() {
        let times = QuietTimes(hours: night, holidays: .french, timeZone: Example.paris)
        let noon = Example.instant("2026-11-22T12:00:00+01:00")
        let night = Example.instant("2026-11-22T03:00:00+01:00")
        let monday = Example.instant("2026-11-23T07:00:00+01:00")
        #expect(times.end(of: news(.urgent), at: night) == nil)
        #expect(times.end(of: news(.routine), at: noon) == monday)
        #expect(times.end(of: news(.routine, answerBy: "2026-11-24T12:00:00+01:00"), at: noon) == monday)
        #expect(times.end(of: news(.routine, answerBy: "2026-11-22T16:00:00+01:00"), at: noon) == nil)
        // It waits for the end of the night all the same, unless even that is too late.
        let morning = Example.instant("2026-11-22T07:00:00+01:00")
        #expect(times.end(of: news(.routine, answerBy: "2026-11-22T11:00:00+01:00"), at: night) == morning)
        #expect(times.end(of: news(.routine, answerBy: "2026-11-22T06:00:00+01:00"), at: night) == nil)
    }
}
