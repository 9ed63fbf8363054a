import Foundation
import HL7v2
import Testing
import Timekeeping

@Suite struct TimestampTests {
    static let paris = TimeZone(identifier: "Europe/Paris").map { ZoneTable($0) }

    @Test(arguments: [
        ("2026", Timestamp.Precision.year, "2026-01-01T00:00:00Z"), ("202611", .month, "2026-11-01T00:00:00Z"),
        ("20261122", .day, "2026-11-22T00:00:00Z"),
        ("2026112208", .hour, "2026-11-22T08:00:00Z"), ("202611220830", .minute, "2026-11-22T08:30:00Z"),
        ("20261122083015", .second, "2026-11-22T08:30:15Z"),
        ("20261122083015.2", .fraction, "2026-11-22T08:30:15.200Z"), ("20261122083015.0509", .fraction, "2026-11-22T08:30:15.050Z"),
        ("20261122083015+0100", .second, "2026-11-22T08:30:15+01:00"), ("20261122-0330", .day, "2026-11-22T00:00:00-03:30"),
        ("20261122083015.123+0200", .fraction, "2026-11-22T08:30:15.123+02:00"), ("20240229", .day, "2024-02-29T00:00:00Z"),
    ])
    func read(text: String, precision: Timestamp.Precision, expected: String) throws {
        let timestamp = try #require(Timestamp(text))
        #expect(timestamp.precision == precision)
        #expect(timestamp.instant(in: FixedZone.utc).rfc3339 == expected)
        #expect((timestamp.instant == nil) == (timestamp.offsetMinutes == nil))
        #expect(Timestamp(timestamp.description)?.description == timestamp.description)
        let wrapped = "<\(text)>"
        #expect(Timestamp(wrapped.dropFirst().dropLast()) == timestamp)
    }

    @Test(arguments: [
        "", "202", "20261", "2026112", "20261301", "20260229", "20261100", "2026112224", "202611220860", "20261122083060", "20261122083015.",
        "20261122083015.12345", "202611220830.5", "20261122+1", "20261122+2400", "20261122+0160", "20261122Z", " 2026", "2026 ", "2026-11-22",
        "20261122083015+0100x", "2026112208301", "+2026", "２０２６", "202611220830155",
    ])
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [
        ("20260115120000", "2026-01-15T12:00:00+01:00", false, false), ("20260715120000", "2026-07-15T12:00:00+02:00", false, false),
        ("20260329015959", "2026-03-29T01:59:59+01:00", false, false), ("20260329020000", "2026-03-29T02:00:00+01:00", false, true),
        ("20260329025959", "2026-03-29T02:59:59+01:00", false, true), ("20260329030000", "2026-03-29T03:00:00+02:00", false, false),
        ("20261025015959", "2026-10-25T01:59:59+02:00", false, false), ("20261025020000", "2026-10-25T02:00:00+02:00", true, false),
        ("20261025025959", "2026-10-25T02:59:59+02:00", true, false), ("20261025030000", "2026-10-25T03:00:00+01:00", false, false),
        ("20261025023000+0100", "2026-10-25T02:30:00+01:00", false, false), ("1960", "1960-01-01T00:00:00+01:00", false, false),
        ("19760701", "1976-07-01T00:00:00+02:00", false, false), ("21500715", "2150-07-15T00:00:00+02:00", false, false),
        ("99991231235959", "9999-12-31T23:59:59+01:00", false, false),
    ])
    func summerTime(text: String, expected: String, isAmbiguous: Bool, isSkipped: Bool) throws {
        let zone = try #require(Self.paris)
        let timestamp = try #require(Timestamp(text))
        #expect(timestamp.instant(in: zone).rfc3339 == expected)
        #expect(timestamp.isAmbiguous(in: zone) == isAmbiguous)
        #expect(timestamp.isSkipped(in: zone) == isSkipped)
    }

    /// The table against the system's own rules, every 10 hours and 37 minutes over 60 years, in zones with and without summer time.
    @Test(arguments: ["Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "Australia/Lord_Howe", "America/New_York"])
    func tableAgreesWithTheSystem(identifier: String) throws {
        let system = try #require(TimeZone(identifier: identifier))
        let table = ZoneTable(system)
        for seconds in stride(from: Int64(86_400 * 400), to: 86_400 * 365 * 60, by: 637 * 60) {
            let offset = Int64(system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
            let isRight =
                switch table.offset(atLocalSeconds: seconds + offset) {
                case .unique(let minutes): Int64(minutes) * 60 == offset
                case .ambiguous(let earlier, let later): earlier > later && [Int64(earlier) * 60, Int64(later) * 60].contains(offset)
                case .skipped: false
                }
            guard isRight else {
                Issue.record("\(identifier): wrong at \(seconds)")
                return
            }
        }
    }

    @Test(arguments: ["2026-11-22T08:30:15+01:00", "2026-11-22T08:30:15.250Z", "1969-12-31T23:59:59.999-05:00", "0000-01-01T00:00:00Z"])
    func fromAnInstant(text: String) throws {
        let instant = try #require(Instant(rfc3339: text))
        let timestamp = Timestamp(instant)
        #expect(timestamp.instant == instant)
        #expect(timestamp.instant?.offsetMinutes == instant.offsetMinutes)
        #expect(Timestamp(timestamp.description) == timestamp)
    }

    @Test(arguments: [Int64.min, .max], [Int16.min, .max])
    func farInstantsDoNotTrap(milliseconds: Int64, offset: Int16) {
        let timestamp = Timestamp(Instant(millisecondsSinceEpoch: milliseconds, offsetMinutes: offset))
        #expect((0...23).contains(timestamp.hour))
        #expect(Timestamp(timestamp.description) == timestamp)
    }
}
