import Foundation
import Timekeeping

/// The calendar day an instant falls on in a time zone, as a number that grows by one a day. The zone's offset is all it takes.
struct LocalDay: Hashable, Comparable {
    let number: Int64

    init(_ instant: Instant, in timeZone: TimeZone) {
        let seconds = instant.millisecondsSinceEpoch.flooredDivision(by: 1_000)
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        number = (seconds + Int64(offset)).flooredDivision(by: 86_400)
    }

    static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension Int64 {
    /// The quotient rounded down, also for negative numbers.
    func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
