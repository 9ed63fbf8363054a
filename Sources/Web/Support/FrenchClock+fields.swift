import FrenchText
import Timekeeping

/// What pages and forms want of a time.
extension FrenchClock {
    func moment(_ instant: Instant) -> Moment { Moment(text: text(instant), machine: local(instant).rfc3339) }

    /// The form of `<input type="datetime-local">`: `2026-11-25T18:05`.
    func fieldValue(_ instant: Instant) -> String {
        let (date, minute) = wall(instant)
        return "\(date)T\(twoDigits(minute / 60)):\(twoDigits(minute % 60))"
    }

    /// Reads what such a field sends, on the territory's wall clock.
    ///
    /// An hour that spring skips counts from the next one that exists; of an hour that autumn repeats the first is taken.
    /// - Returns: nil if `text` is no local time.
    func instant(fieldValue text: some StringProtocol) -> Instant? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let date = CivilDate(iso8601: parts[0]) else { return nil }
        let time = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(time.count), time.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(time[0]), hour < 24, let minute = Int(time[1]), minute < 60
        else { return nil }
        let wall = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60)
        // The offsets of the day before and after are the only two that can hold: the larger gives the earlier instant.
        let offsets = Set([offset(atSecond: wall - 86_400), offset(atSecond: wall + 86_400)]).sorted(by: >)
        let found = offsets.map { wall - $0 }.first { offset(atSecond: $0) == wall - $0 }
        let second = found ?? wall - (offsets.last ?? 0)
        return local(Instant(millisecondsSinceEpoch: second * 1_000))
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
