internal import Foundation
internal import Synchronization

/// A time zone's offsets from UTC, remembered day by day: Foundation asks ICU under a lock each time, and planning asks for thousands.
final class ZoneOffsets: Sendable {
    /// Days since 1970-01-01 that are remembered: what lies outside is asked each time, so that no message can make this grow.
    private static let remembered = 0..<47_482  // up to 2100

    private static let zones = Mutex<[String: ZoneOffsets]>([:])

    private let timeZone: TimeZone
    /// Seconds by day (UTC); `changing` for a day on which the clocks change.
    private let days = Mutex<[Int: Int]>([:])
    private static let changing = Int.min

    private init(_ timeZone: TimeZone) {
        self.timeZone = timeZone
    }

    /// Those of a zone; its name says all of it.
    static func of(_ timeZone: TimeZone) -> ZoneOffsets {
        let name = timeZone.identifier
        return zones.withLock { zones in
            if let found = zones[name] { return found }
            let made = ZoneOffsets(timeZone)
            zones[name] = made
            return made
        }
    }

    /// Seconds east of Greenwich at an instant, given in seconds since 1970.
    func offset(atSeconds seconds: Int) -> Int {
        let day = seconds / 86_400
        guard seconds >= 0, Self.remembered.contains(day) else { return ask(seconds) }
        let known = days.withLock { days in
            if let known = days[day] { return known }
            let first = ask(day * 86_400)
            // No zone changes its clocks twice in a day.
            let found = first == ask((day + 1) * 86_400) ? first : Self.changing
            days[day] = found
            return found
        }
        return known == Self.changing ? ask(seconds) : known
    }

    private func ask(_ seconds: Int) -> Int { timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))) }
}
