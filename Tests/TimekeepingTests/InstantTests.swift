import TestSupport
import Testing
import Timekeeping

@Suite struct InstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-22T08:30:00+01:00", 1_795_332_600_000, 60),
            ("2026-11-22T07:30:00.250Z", 1_795_332_600_250, 0), ("1969-12-31T23:59:59.999Z", -1, 0),
            ("2026-11-22T02:00:00-05:30", 1_795_332_600_000, -330), ("2000-02-29T12:00:00+14:00", 951_775_200_000, 840),
            ("0000-01-01T00:00:00+23:59", -62_167_305_540_000, 1_439), ("9999-12-31T23:59:59.999-23:59", 253_402_387_139_999, -1_439),
        ] as [(String, Int64, Int16)]
    )
    func readAndWrittenAlike(text: String, milliseconds: Int64, offset: Int16) throws {
        let instant = try #require(Instant(rfc3339: text))
        #expect(instant.millisecondsSinceEpoch == milliseconds)
        #expect(instant.offsetMinutes == offset)
        #expect(instant.rfc3339 == text)
        let wrapped = "<\(text)>"
        #expect(Instant(rfc3339: wrapped.dropFirst().dropLast()) == instant)
    }

    @Test(arguments: [
        ("2026-11-22T07:30:00.5Z", "2026-11-22T07:30:00.500Z"), ("2026-11-22T07:30:00.05Z", "2026-11-22T07:30:00.050Z"),
        ("2026-11-22T07:30:00.123999999Z", "2026-11-22T07:30:00.123Z"), ("2026-11-22T07:30:00.000Z", "2026-11-22T07:30:00Z"),
        ("2026-11-22T07:30:00+00:00", "2026-11-22T07:30:00Z"), ("2026-11-22T07:30:00-00:00", "2026-11-22T07:30:00Z"),
    ])
    func readLooselyWrittenOneWay(text: String, canonical: String) {
        #expect(Instant(rfc3339: text)?.rfc3339 == canonical)
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T07:30Z", "2026-11-22T07:30:00", "2026-11-22 07:30:00Z", "2026-11-22t07:30:00Z", "2026-11-22T07:30:00z",
        "2026-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T07:60:00Z", "2026-11-22T07:30:60Z", "2026-11-22T07:30:00.Z",
        "2026-11-22T07:30:00.1234567890Z", "2026-11-22T07:30:00,5Z", "2026-11-22T07:30:00+1:00", "2026-11-22T07:30:00+0100",
        "2026-11-22T07:30:00+24:00", "2026-11-22T07:30:00+01:60", "2026-11-22T07:30:00Z ", " 2026-11-22T07:30:00Z", "2026-11-22T07:30:00ZZ",
        "+026-11-22T07:30:00Z", "2026-11-22T07:30:-1Z", "2026-11-22T07:30:00.250", "2026-11-22T07:30:0é", "٢٠٢٦-11-22T07:30:00Z",
    ])
    func refused(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func offsetIsKeptButNotCompared() throws {
        let paris = try #require(Instant(rfc3339: "2026-11-22T08:30:00+01:00"))
        let utc = try #require(Instant(rfc3339: "2026-11-22T07:30:00Z"))
        #expect(paris == utc)
        #expect(Set([paris, utc]).count == 1)
        #expect(paris.rfc3339 != utc.rfc3339)
        #expect(utc.adding(milliseconds: 1) > paris)
    }

    @Test func moving() throws {
        let start = try #require(Instant(rfc3339: "2026-03-28T12:00:00+01:00"))
        #expect(start.adding(days: 1).rfc3339 == "2026-03-29T12:00:00+01:00")
        #expect(start.adding(hours: -13).rfc3339 == "2026-03-27T23:00:00+01:00")
        #expect(start.adding(minutes: 90).rfc3339 == "2026-03-28T13:30:00+01:00")
        #expect(start.adding(seconds: 1).adding(milliseconds: 5).rfc3339 == "2026-03-28T12:00:01.005+01:00")
        #expect(start.adding(days: 2).milliseconds(since: start) == 172_800_000)
    }

    @Test func movingStopsAtTheEnds() {
        let last = Instant(millisecondsSinceEpoch: .max), first = Instant(millisecondsSinceEpoch: .min)
        #expect(last.adding(milliseconds: 1) == last)
        #expect(first.adding(days: .min) == first)
        #expect(first.adding(days: .max) == last)
        #expect(last.milliseconds(since: first) == .max)
        #expect(first.milliseconds(since: last) == .min)
    }

    @Test(arguments: [Int64.min, -62_167_219_200_001, 253_402_300_800_000, .max], [Int16.min, -1_440, 0, 1_440, .max])
    func printingNeverTrapsAndCanBeReadBack(milliseconds: Int64, offset: Int16) {
        let text = Instant(millisecondsSinceEpoch: milliseconds, offsetMinutes: offset).rfc3339
        #expect(Instant(rfc3339: text)?.rfc3339 == text)
    }

    @Test(arguments: [UInt64(20_261_122), 7, 4_242])
    func roundTripOfRandomInstants(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<5_000 {
            let instant = Instant(
                millisecondsSinceEpoch: .random(in: -62_160_000_000_000...253_400_000_000_000, using: &random),
                offsetMinutes: .random(in: -1_439...1_439, using: &random)
            )
            let read = Instant(rfc3339: instant.rfc3339)
            guard read == instant, read?.offsetMinutes == instant.offsetMinutes else {
                Issue.record("seed \(seed): \(instant.millisecondsSinceEpoch) \(instant.offsetMinutes) prints as \(instant.rfc3339)")
                return
            }
        }
    }

    @Test func timeSources() {
        let fixed = Instant(millisecondsSinceEpoch: 42)
        #expect(TimeSource.fixed(fixed).now() == fixed)
        let now = TimeSource.system.now()
        #expect(now.millisecondsSinceEpoch > 1_700_000_000_000)
        #expect(now.offsetMinutes == 0)
        #expect(TimeSource.system.now() >= now.adding(seconds: -1))
    }
}
