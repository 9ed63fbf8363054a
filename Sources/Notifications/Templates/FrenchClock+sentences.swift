import FrenchText
import Timekeeping

/// Times inside a sentence.
extension FrenchClock {
    /// « le mer. 25 nov., 18 h 05 ».
    func sentence(_ instant: Instant) -> String { "le \(text(instant))" }

    /// « le mer. 25 nov., entre 8 h 00 et 18 h 00 », « entre le mer. 25 nov., 8 h 00 et le ven. 27 nov., 18 h 00 ».
    func window(from: Instant, by: Instant) -> String {
        let (start, end) = (wall(from), wall(by))
        guard start.date == end.date else { return "entre \(sentence(from)) et \(sentence(by))" }
        if start.minuteOfDay == end.minuteOfDay { return sentence(by) }
        return "le \(day(of: from)), entre \(time(of: from)) et \(time(of: by))"
    }
}
