/// A point in time to the millisecond, with the UTC offset it was written with kept (RFC 3339).
///
/// Equality, order and hash look at the instant only, not at the offset: 08:30+01:00 equals 07:30Z.
public struct Instant: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, in UTC, negative before.
    public var millisecondsSinceEpoch: Int64
    /// The offset its author wrote, in minutes east of Greenwich; 0 prints as `Z`.
    public var offsetMinutes: Int16

    public init(millisecondsSinceEpoch: Int64, offsetMinutes: Int16 = 0) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
        self.offsetMinutes = offsetMinutes
    }

    public static func == (left: Instant, right: Instant) -> Bool {
        left.millisecondsSinceEpoch == right.millisecondsSinceEpoch
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(millisecondsSinceEpoch)
    }
}

// MARK: - Moving

extension Instant {
    /// The instant that much later (earlier when negative), with the same offset; stops at the ends of `Int64` instead of trapping.
    public func adding(milliseconds: Int64) -> Instant {
        adding(milliseconds, times: 1)
    }

    /// As `adding(milliseconds:)`, in seconds.
    public func adding(seconds: Int64) -> Instant {
        adding(seconds, times: 1_000)
    }

    /// As `adding(milliseconds:)`, in minutes of 60 seconds.
    public func adding(minutes: Int64) -> Instant {
        adding(minutes, times: 60_000)
    }

    /// As `adding(milliseconds:)`, in hours of 60 minutes.
    public func adding(hours: Int64) -> Instant {
        adding(hours, times: 3_600_000)
    }

    /// As `adding(milliseconds:)`, in days of exactly 24 hours: over a change of summer time the wall clock shifts by an hour.
    public func adding(days: Int64) -> Instant {
        adding(days, times: 86_400_000)
    }

    /// Milliseconds from `other` to this instant, held within `Int64`.
    public func milliseconds(since other: Instant) -> Int64 {
        let (difference, overflow) = millisecondsSinceEpoch.subtractingReportingOverflow(other.millisecondsSinceEpoch)
        return overflow ? (millisecondsSinceEpoch < 0 ? .min : .max) : difference
    }

    private func adding(_ amount: Int64, times unit: Int64) -> Instant {
        let (distance, tooFar) = amount.multipliedReportingOverflow(by: unit)
        let (sum, overflow) = millisecondsSinceEpoch.addingReportingOverflow(distance)
        let moved: Int64 = tooFar || overflow ? (amount < 0 ? .min : .max) : sum
        return Instant(millisecondsSinceEpoch: moved, offsetMinutes: offsetMinutes)
    }
}
