import Synchronization
public import Timekeeping

/// Makes UUIDv7 event ids that strictly increase, even inside one millisecond or when the clock steps back.
///
/// Time and chance are handed in, so a seeded simulation makes the same ids again.
public final class EventIDGenerator: Sendable {
    private struct Last {
        var milliseconds: UInt64 = 0
        /// The 74 random bits: 12 (`rand_a`) and 62 (`rand_b`).
        var upper: UInt64 = 0
        var lower: UInt64 = 0
        var isFresh = true
    }

    private static let upperMask: UInt64 = 0xFFF
    private static let lowerMask: UInt64 = 0x3FFF_FFFF_FFFF_FFFF
    private static let latestMilliseconds: UInt64 = 0xFFFF_FFFF_FFFF

    private let time: TimeSource
    private let random: @Sendable () -> UInt64
    private let last = Mutex(Last())

    /// - Parameters:
    ///   - time: where the 48-bit millisecond part comes from.
    ///   - random: uniformly distributed 64-bit values; from a cryptographic source in production.
    public init(time: TimeSource, random: @escaping @Sendable () -> UInt64) {
        self.time = time
        self.random = random
    }

    /// An id greater than every id this generator made before.
    public func next() -> EventID {
        let now = UInt64(clamping: time.now().millisecondsSinceEpoch)
        let chance = (random(), random())
        return last.withLock { last in
            let milliseconds = min(now, Self.latestMilliseconds)
            if last.isFresh || milliseconds > last.milliseconds {
                last = Last(milliseconds: milliseconds, upper: chance.0 & Self.upperMask, lower: chance.1 & Self.lowerMask, isFresh: false)
            } else {
                advance(&last, by: (chance.1 & 0xFFFF_FFFF) + 1)
            }
            return EventID(
                high: last.milliseconds << 16 | 0x7000 | last.upper,
                low: 0x8000_0000_0000_0000 | last.lower
            )
        }
    }

    /// Adds to the random bits as one 74-bit number; when they are used up, borrows the next millisecond.
    private func advance(_ last: inout Last, by step: UInt64) {
        last.lower += step
        guard last.lower > Self.lowerMask else { return }
        last.lower &= Self.lowerMask
        last.upper += 1
        guard last.upper > Self.upperMask else { return }
        last.upper = 0
        last.milliseconds = min(last.milliseconds + 1, Self.latestMilliseconds)
    }
}
