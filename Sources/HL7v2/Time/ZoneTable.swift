public import Foundation

/// A time zone of the system's database, with its changes of offset from 1970 to 2100 found once and kept in a sorted table.
///
/// Immutable, so it is shared between threads without a lock; a lookup is a binary search. Years outside the table ask the system
/// each time.
public struct ZoneTable: ZoneRules {
    /// A moment when the offset changes.
    struct Transition: Sendable, Hashable {
        /// Seconds since 1970 of the first moment of the new offset, in UTC.
        let utc: Int64
        let before: Int
        let after: Int

        /// The readings from here up to `lastAffected` are repeated (clocks put back) or skipped (put forward).
        var firstAffected: Int64 { utc + Int64(min(before, after)) * 60 }
        var lastAffected: Int64 { utc + Int64(max(before, after)) * 60 }

        var kind: LocalOffset {
            before > after ? .ambiguous(earlier: before, later: after) : .skipped(before: before, after: after)
        }
    }

    private static let start: Int64 = 0
    private static let end: Int64 = 4_102_444_800
    private static let probe: Int64 = 7 * 86_400
    private static let day: Int64 = 86_400

    private let zone: TimeZone
    private let initialOffset: Int
    private let transitions: [Transition]

    /// Takes a few milliseconds: build it once.
    public init(_ zone: TimeZone) {
        self.zone = zone
        initialOffset = Self.offset(of: zone, at: Self.start)
        var found: [Transition] = []
        var known = initialOffset
        // Weekly probes: no zone changes its offset and changes it back within a week.
        for moment in stride(from: Self.start + Self.probe, through: Self.end, by: Int64.Stride(Self.probe)) {
            let offset = Self.offset(of: zone, at: moment)
            if offset != known {
                found.append(Self.transition(in: zone, after: moment - Self.probe, before: known, until: moment, after: offset))
                known = offset
            }
        }
        transitions = found
    }

    public func offset(atLocalSeconds seconds: Int64) -> LocalOffset {
        guard seconds >= Self.start + Self.day, seconds < Self.end - Self.probe else { return systemOffset(atLocalSeconds: seconds) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].firstAffected <= seconds { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return .unique(initialOffset) }
        let transition = transitions[low - 1]
        return seconds < transition.lastAffected ? transition.kind : .unique(transition.after)
    }

    /// The same from the system's own answers a day on either side: a change between them is this reading's.
    private func systemOffset(atLocalSeconds seconds: Int64) -> LocalOffset {
        let held = min(max(seconds, -100_000_000_000), 400_000_000_000)
        let before = Self.offset(of: zone, at: held - Self.day)
        let after = Self.offset(of: zone, at: held + Self.day)
        guard before != after else { return .unique(before) }
        let transition = Self.transition(in: zone, after: held - Self.day, before: before, until: held + Self.day, after: after)
        if held < transition.firstAffected { return .unique(before) }
        return held < transition.lastAffected ? transition.kind : .unique(after)
    }

    /// The change between two moments with different offsets, found by halving.
    private static func transition(in zone: TimeZone, after start: Int64, before: Int, until end: Int64, after: Int) -> Transition {
        var low = start
        var high = end
        while high - low > 1 {
            let middle = (low + high) / 2
            if offset(of: zone, at: middle) == before { low = middle } else { high = middle }
        }
        return Transition(utc: high, before: before, after: after)
    }

    private static func offset(of zone: TimeZone, at seconds: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))) / 60
    }
}
