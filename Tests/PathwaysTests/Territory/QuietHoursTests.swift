import Pathways
import Testing
import Timekeeping

@Suite("People are not asked at night")
struct QuietHoursTests {
    private let night = QuietHours(from: 20 * 60, to: 7 * 60)

    @Test(
        arguments: [
            ("2026-11-16T19:59:59+01:00", nil),
            ("2026-11-16T20:00:00+01:00", "2026-11-17T07:00:00+01:00"),
            ("2026-11-17T00:00:00+01:00", "2026-11-17T07:00:00+01:00"),
            ("2026-11-17T06:59:59+01:00", "2026-11-17T07:00:00+01:00"),
            ("2026-11-17T07:00:00+01:00", nil),
            // The clocks go forward on 29 March at 2:00, back on 25 October at 3:00: 7 o'clock is 7 o'clock.
            ("2026-03-28T22:00:00+01:00", "2026-03-29T07:00:00+02:00"),
            ("2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00+01:00"),
            ("2026-10-25T02:30:00+02:00", "2026-10-25T07:00:00+01:00"),
        ] as [(String, String?)]
    )
    func theyEndByTheClockOnTheWall(at: String, end: String?) {
        #expect(night.end(at: Example.instant(at), in: Example.paris) == end.map(Example.instant))
    }

    @Test(
        arguments: [
            ("2026-11-16T11:59:00+01:00", nil), ("2026-11-16T12:00:00+01:00", "2026-11-16T14:00:00+01:00"), ("2026-11-16T14:00:00+01:00", nil),
        ] as [(String, String?)]
    )
    func theyMayBeAtNoon(at: String, end: String?) {
        #expect(QuietHours(from: 720, to: 840).end(at: Example.instant(at), in: Example.paris) == end.map(Example.instant))
    }

    /// An end in the hour that the clocks skip, or tell twice, is never before the instant itself.
    @Test(arguments: ["2026-03-29T00:30:00+01:00", "2026-10-25T01:30:00+02:00", "2026-10-25T02:45:00+02:00", "2026-10-25T02:15:00+01:00"])
    func anEndWithinAChangeIsStillToCome(at: String) {
        let instant = Example.instant(at)
        let end = QuietHours(from: 22 * 60, to: 150).end(at: instant, in: Example.paris)
        #expect(end.map { $0 > instant && $0.milliseconds(since: instant) <= 3 * 3_600_000 } ?? true)
    }

    @Test func aTerritorySaysThem() throws {
        let text = try #require(Shipped.text(of: "demo-territory.yaml"))
        let quiet = text.replacing("quietHours: {from: \"20:00\", to: \"07:00\"}", with: "quietHours: {from: \"20:30\", to: \"07:05\"}")
        let before = try TerritoryFile.parse(yaml: text, file: "demo")
        let after = try TerritoryFile.parse(yaml: quiet, file: "demo")
        #expect(before.quietHours == night && after.quietHours == QuietHours(from: 1_230, to: 425) && before != after)
        #expect(after.quietHours?.description == "20:30-07:05")
        #expect(TerritoryDifference(from: before, to: after).lines.map(\.description) == ["~ territory: quiet hours 20:00-07:00 → 20:30-07:05"])
    }
}
