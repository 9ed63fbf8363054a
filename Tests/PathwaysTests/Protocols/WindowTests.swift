import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct WindowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let from: String
        let to: String
        let discharge: String
        let dueFrom: String
        let dueBy: String
        let zone: String

        init(_ from: String, _ to: String, after discharge: String, is dueFrom: String, _ dueBy: String, in zone: String = "Europe/Paris") {
            self.from = from
            self.to = to
            self.discharge = discharge
            self.dueFrom = dueFrom
            self.dueBy = dueBy
            self.zone = zone
        }

        var testDescription: String { "\(from) – \(to) after \(discharge) in \(zone)" }
    }

    static let cases: [Case] = [
        // A plain day.
        Case("J0", "J0", after: "2026-11-22T10:30:00+01:00", is: "2026-11-22T10:30:00+01:00", "2026-11-22T23:59:59+01:00"),
        Case("J0", "J0+48h", after: "2026-11-22T10:30:00+01:00", is: "2026-11-22T10:30:00+01:00", "2026-11-24T10:30:00+01:00"),
        Case("J0", "J0+7d", after: "2026-11-22T10:30:00+01:00", is: "2026-11-22T10:30:00+01:00", "2026-11-29T23:59:59+01:00"),
        Case("J0+2d", "J0+2d", after: "2026-11-22T10:30:00+01:00", is: "2026-11-24T00:00:00+01:00", "2026-11-24T23:59:59+01:00"),
        Case("J0+48h", "J0+72h", after: "2026-11-22T10:30:00+01:00", is: "2026-11-24T10:30:00+01:00", "2026-11-25T10:30:00+01:00"),
        // Written in UTC, the day is that of Paris; the results carry the zone's offset.
        Case("J0", "J0", after: "2026-11-21T23:30:00Z", is: "2026-11-22T00:30:00+01:00", "2026-11-22T23:59:59+01:00"),
        Case("J0", "J0", after: "2026-07-14T21:59:59.500Z", is: "2026-07-14T23:59:59.500+02:00", "2026-07-14T23:59:59.500+02:00"),
        // The spring day of 23 hours, 29 March 2026.
        Case("J0+1d", "J0+1d", after: "2026-03-28T10:30:00+01:00", is: "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),
        Case("J0", "J0+48h", after: "2026-03-28T10:30:00+01:00", is: "2026-03-28T10:30:00+01:00", "2026-03-30T11:30:00+02:00"),
        Case("J0+2d", "J0+2d", after: "2026-03-28T10:30:00+01:00", is: "2026-03-30T00:00:00+02:00", "2026-03-30T23:59:59+02:00"),
        Case("J0", "J0", after: "2026-03-29T01:59:59+01:00", is: "2026-03-29T01:59:59+01:00", "2026-03-29T23:59:59+02:00"),
        Case("J0", "J0+24h", after: "2026-03-29T01:30:00+01:00", is: "2026-03-29T01:30:00+01:00", "2026-03-30T02:30:00+02:00"),
        // The autumn day of 25 hours, 25 October 2026, and its two 02:30.
        Case("J0+1d", "J0+1d", after: "2026-10-24T10:30:00+02:00", is: "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"),
        Case("J0", "J0+48h", after: "2026-10-24T10:30:00+02:00", is: "2026-10-24T10:30:00+02:00", "2026-10-26T09:30:00+01:00"),
        Case("J0", "J0", after: "2026-10-25T02:30:00+02:00", is: "2026-10-25T02:30:00+02:00", "2026-10-25T23:59:59+01:00"),
        Case("J0", "J0+24h", after: "2026-10-25T02:30:00+01:00", is: "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00"),
        // On the longest day, "24 hours" ends before "tomorrow" begins: the window still does not close before it opens.
        Case("J0+1d", "J0+24h", after: "2026-10-25T00:00:00+02:00", is: "2026-10-26T00:00:00+01:00", "2026-10-26T00:00:00+01:00"),
        // A leap day, a year's end.
        Case("J0", "J0+1d", after: "2028-02-28T12:00:00+01:00", is: "2028-02-28T12:00:00+01:00", "2028-02-29T23:59:59+01:00"),
        Case("J0", "J0+366d", after: "2026-12-31T12:00:00+01:00", is: "2026-12-31T12:00:00+01:00", "2028-01-01T23:59:59+01:00"),
        // Clocks that jump over midnight: the day begins at 01:00; and that fall back to the day before.
        Case("J0+1d", "J0+1d", after: "2026-03-28T12:00:00+02:00", is: "2026-03-29T01:00:00+03:00", "2026-03-29T23:59:59+03:00", in: "Asia/Beirut"),
        Case("J0", "J0", after: "2026-10-24T12:00:00+03:00", is: "2026-10-24T12:00:00+03:00", "2026-10-24T23:59:59+02:00", in: "Asia/Beirut"),
        // Overseas.
        Case("J0", "J0", after: "2026-11-22T22:00:00Z", is: "2026-11-23T02:00:00+04:00", "2026-11-23T23:59:59+04:00", in: "Indian/Reunion"),
    ]

    @Test(arguments: cases) func resolves(_ row: Case) throws {
        let window = try Self.window(row.from, row.to)
        let zone = try #require(TimeZone(identifier: row.zone))
        let discharge = try #require(Instant(rfc3339: row.discharge))
        let resolved = window.resolve(discharge: discharge, in: zone)
        #expect(resolved.dueFrom.rfc3339 == row.dueFrom)
        #expect(resolved.dueBy.rfc3339 == row.dueBy)
    }

    /// The arithmetic without `Calendar` agrees with `Calendar`, in zones that change at midnight too.
    @Test(arguments: ["Europe/Paris", "Asia/Beirut", "America/Martinique", "Pacific/Noumea"])
    func agreesWithTheCalendar(_ identifier: String) throws {
        let seed: UInt64 = 29_032_026
        var numbers = SplitMix64(seed: seed)
        let zone = try #require(TimeZone(identifier: identifier))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        for _ in 0..<300 {
            let seconds = Int64.random(in: 1_577_836_800..<1_893_456_000, using: &numbers)
            let days = Int.random(in: 0...60, using: &numbers)
            let window = try Self.window("J0+\(days)d", "J0+\(days)d")
            let resolved = window.resolve(discharge: Instant(millisecondsSinceEpoch: seconds * 1_000), in: zone)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let day = try #require(calendar.date(byAdding: .day, value: days, to: calendar.startOfDay(for: date)))
            let start = calendar.startOfDay(for: day)
            let next = calendar.startOfDay(for: start.addingTimeInterval(30 * 3_600))
            #expect(resolved.dueFrom.millisecondsSinceEpoch == max(Int64(start.timeIntervalSince1970), seconds) * 1_000, "seed \(seed), \(seconds)")
            #expect(resolved.dueBy.millisecondsSinceEpoch == (Int64(next.timeIntervalSince1970) - 1) * 1_000, "seed \(seed), \(seconds)")
        }
    }

    @Test(arguments: [Int64.min, -62_167_219_200_000, 253_402_300_799_000, Int64.max]) func survivesTheEndsOfTime(_ milliseconds: Int64) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Paris"))
        let discharge = Instant(millisecondsSinceEpoch: milliseconds)
        for (from, to) in [("J0", "J0+366d"), ("J0", "J0+8784h")] {
            let resolved = try Self.window(from, to).resolve(discharge: discharge, in: zone)
            #expect(resolved.dueFrom >= discharge)
            #expect(resolved.dueBy >= resolved.dueFrom)
        }
    }

    @Test(arguments: ["J0", "J0+0d", "J0+1d", "J0+366d", "J0+0h", "J0+48h", "J0+8784h", "J0-1d", "J0-366d", "J0-4h", "J0-8784h"]) func readsEdges(
        _ text: String
    ) throws {
        let edge = try #require(WindowEdge(text))
        #expect(edge.description == (text == "J0+0d" ? "J0" : text))
        #expect(WindowEdge(edge.description) == edge)
    }

    @Test(arguments: [
        "", "J", "J1", "j0", "J0+", "J0+d", "J0+1", "J0+1w", "J0-0d", "J0-0h", "J0-367d", "J0-8785h", "J0--1d", "J0-d", "J0+-1d", "J0+1.5d",
        "J0+367d", "J0+8785h", "J0+99999h", "J0 +1d", "J0+1d ",
    ])
    func refusesEdges(_ text: String) {
        #expect(WindowEdge(text) == nil)
    }

    @Test(arguments: [
        ("J0", "J0"), ("J0", "J0+0h"), ("J0+24h", "J0+1d"), ("J0+1d", "J0+24h"), ("J0+48h", "J0+48h"), ("J0-2d", "J0"), ("J0-2d", "J0-1d"),
        ("J0-4h", "J0"), ("J0-24h", "J0-1d"),
    ])
    func acceptsOrderedEdges(_ from: String, _ to: String) throws {
        let edges = (try #require(WindowEdge(from)), try #require(WindowEdge(to)))
        #expect(try Self.window(from, to).description == "\(edges.0) – \(edges.1)")
    }

    /// Two days before are two calendar days, whatever the clocks do; the window may open before what is expected.
    @Test(arguments: [
        ("2026-03-30T14:00:00+02:00", "2026-03-28T00:00:00+01:00", "2026-03-30T23:59:59+02:00"),
        ("2026-10-26T14:00:00+01:00", "2026-10-24T00:00:00+02:00", "2026-10-26T23:59:59+01:00"),
    ])
    func opensBeforeWhatIsExpected(_ expected: String, _ from: String, _ to: String) throws {
        let resolved = try Self.window("J0-2d", "J0").resolve(discharge: Example.instant(expected), in: Example.paris)
        #expect(resolved.dueFrom == Example.instant(from) && resolved.dueBy == Example.instant(to))
        let hours = try Self.window("J0-4h", "J0-1h").resolve(discharge: Example.instant(expected), in: Example.paris)
        #expect(hours.dueFrom == Example.instant(expected).adding(hours: -4) && hours.dueBy == Example.instant(expected).adding(hours: -1))
    }

    @Test(arguments: [
        ("J0+1d", "J0"), ("J0+2h", "J0+1h"), ("J0+1h", "J0"), ("J0+25h", "J0+1d"), ("J0+1d", "J0+23h"), ("J0", "J0-1d"), ("J0-1d", "J0-25h"),
        ("J0-23h", "J0-1d"),
    ])
    func refusesEdgesThatCross(_ from: String, _ to: String) throws {
        let edges = (try #require(WindowEdge(from)), try #require(WindowEdge(to)))
        #expect(FollowUpWindow(from: edges.0, to: edges.1) == nil)
    }

    static func window(_ from: String, _ to: String) throws -> FollowUpWindow {
        let edges = (try #require(WindowEdge(from)), try #require(WindowEdge(to)))
        return try #require(FollowUpWindow(from: edges.0, to: edges.1))
    }
}
