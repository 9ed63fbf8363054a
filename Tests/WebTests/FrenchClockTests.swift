import Foundation
import FrenchText
import Testing
import Timekeeping

@testable import Web

@Suite struct FrenchClockTests {
    private func clock(_ now: String = "2026-11-22T09:00:00+01:00") throws -> FrenchClock {
        FrenchClock(timeZone: try #require(TimeZone(identifier: "Europe/Paris")), now: try #require(Instant(rfc3339: now)))
    }

    @Test(arguments: [
        ("2026-11-25T18:05:00+01:00", "mer. 25 nov., 18 h 05"),
        ("2026-11-25T17:05:00Z", "mer. 25 nov., 18 h 05"),
        ("2026-12-01T00:00:00+01:00", "mar. 1er déc., 0 h 00"),
        ("2027-01-03T07:30:59+01:00", "dim. 3 janv. 2027, 7 h 30"),
        ("2026-07-14T12:00:00Z", "mar. 14 juil., 14 h 00"),
        // Spring: 2 h becomes 3 h on 29 March 2026.
        ("2026-03-29T00:59:59Z", "dim. 29 mars, 1 h 59"),
        ("2026-03-29T01:00:00Z", "dim. 29 mars, 3 h 00"),
        // Autumn: 3 h becomes 2 h on 25 October 2026; the hour between comes twice.
        ("2026-10-24T23:59:00Z", "dim. 25 oct., 1 h 59"),
        ("2026-10-25T00:30:00Z", "dim. 25 oct., 2 h 30 (heure d’été)"),
        ("2026-10-25T01:30:00Z", "dim. 25 oct., 2 h 30 (heure d’hiver)"),
        ("2026-10-25T02:00:00Z", "dim. 25 oct., 3 h 00"),
        ("1969-12-31T22:30:00Z", "mer. 31 déc. 1969, 23 h 30"),
    ])
    func saysTimesAsPeopleDo(instant: String, words: String) throws {
        let text = try clock().text(try #require(Instant(rfc3339: instant)))
        #expect(text.replacing("\u{A0}", with: " ") == words)
        #expect(!text.prefix { $0 != "," }.contains(" "), "a date is not broken over lines")
    }

    @Test func statesTheTerritorysOffsetToMachines() throws {
        #expect(try clock().moment(try #require(Instant(rfc3339: "2026-11-25T17:05:00Z"))).machine == "2026-11-25T18:05:00+01:00")
    }

    @Test(arguments: [
        ("2026-11-25T18:05", "2026-11-25T18:05:00+01:00"), ("2026-07-01T08:00:30", "2026-07-01T08:00:00+02:00"),
        // Skipped by spring: the next that exists. Repeated by autumn: the first.
        ("2026-03-29T02:30", "2026-03-29T03:30:00+02:00"), ("2026-10-25T02:30", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T03:00", "2026-10-25T03:00:00+01:00"), ("2026-03-29T03:00", "2026-03-29T03:00:00+02:00"),
    ])
    func readsWhatAFieldSends(field: String, instant: String) throws {
        #expect(try clock().instant(fieldValue: field)?.rfc3339 == instant)
    }

    @Test(arguments: ["", "2026-11-25", "2026-11-25 18:05", "2026-02-30T10:00", "2026-11-25T24:00", "2026-11-25T1:00", "2026-11-25T10:60", "T", "x"])
    func refusesWhatIsNoLocalTime(field: String) throws {
        #expect(try clock().instant(fieldValue: field) == nil)
    }

    @Test func whatAFieldShowsIsReadBackTheSame() throws {
        let clock = try clock()
        for quarter in stride(from: Int64(0), to: 4 * 24 * 366, by: 5) {
            let instant = Instant(millisecondsSinceEpoch: 1_767_225_600_000).adding(minutes: 15 * quarter)
            let back = try #require(clock.instant(fieldValue: clock.fieldValue(instant)))
            // Only the second of the two autumn hours is read as the first.
            #expect(back == instant || (clock.text(instant).contains("hiver") && back.adding(hours: 1) == instant), "\(instant)")
        }
    }

    @Test(arguments: [Instant(millisecondsSinceEpoch: .min), Instant(millisecondsSinceEpoch: .max)])
    func survivesTheEndsOfTime(instant: Instant) throws {
        #expect(try !clock().text(instant).isEmpty)
        #expect(try !clock().fieldValue(instant).isEmpty)
    }

    @Test(arguments: [("1941-05-03", "3 mai 1941"), ("1950-01-01", "1er janvier 1950"), ("1941-05", "mai 1941"), ("1941", "1941"), ("?", "?")])
    func saysBirthDates(text: String, words: String) {
        #expect(FrenchClock.date(text).replacing("\u{A0}", with: " ") == words)
    }
}
