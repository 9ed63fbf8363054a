public import Foundation
public import Timekeeping

/// The hours in which people are not asked, where the territory is. Deadlines know none: lateness goes on at night.
public struct QuietHours: Hashable, Sendable, CustomStringConvertible {
    /// Minutes after local midnight at which they begin and end; they span midnight when `from` is after `to`.
    public let from: Int
    public let to: Int

    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// As in files: `20:00-07:00`.
    public var description: String { "\(Self.time(from))-\(Self.time(to))" }

    private static func time(_ minutes: Int) -> String {
        [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    static let expectedTime = "hours and minutes between quotes, as \"20:00\""

    /// Minutes after midnight of a time as files and events write it.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(IdentifierText.isDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    init(from json: JSONObject) throws(CodecError) {
        guard let from = Self.minute(try json.string("from")) else { throw CodecError(path: "$.quietHours.from", problem: "is no time of the day") }
        guard let to = Self.minute(try json.string("to")) else { throw CodecError(path: "$.quietHours.to", problem: "is no time of the day") }
        self.init(from: from, to: to)
    }

    func write(to json: inout JSONWriter) {
        json.write("from", Self.time(from))
        json.write("to", Self.time(to))
    }

    /// The end of the quiet hours that an instant lies in, by the clock on the wall of `timeZone`; nil if people may be asked then. Where the
    /// clocks skip the end, it is when they would have shown it.
    public func end(at instant: Instant, in timeZone: TimeZone) -> Instant? {
        guard from != to else { return nil }
        let days = LocalDays(timeZone)
        let (day, minute) = days.dayAndMinute(of: instant)
        if from < to {
            return (from..<to).contains(minute) ? later(days.instant(onDay: day, minute: to), than: instant) : nil
        }
        if minute >= from { return days.instant(onDay: day + 1, minute: to) }
        return minute < to ? later(days.instant(onDay: day, minute: to), than: instant) : nil
    }

    /// Where the clocks go back, an end may be told that has passed once already.
    private func later(_ end: Instant, than instant: Instant) -> Instant? { end > instant ? end : nil }
}
