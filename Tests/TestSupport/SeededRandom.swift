import Synchronization

/// ``SplitMix64`` for whoever takes chance as a function, from whatever thread.
public final class SeededRandom: RandomNumberGenerator, Sendable {
    private let numbers: Mutex<SplitMix64>

    public init(seed: UInt64) { numbers = Mutex(SplitMix64(seed: seed)) }

    public func next() -> UInt64 { numbers.withLock { $0.next() } }
}
