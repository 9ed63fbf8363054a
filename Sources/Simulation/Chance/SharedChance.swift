import Synchronization

/// A generator that outlives the process that draws from it.
final class SharedChance: Sendable {
    private let random: Mutex<SplitMix64>

    init(_ random: SplitMix64) { self.random = Mutex(random) }

    func next() -> UInt64 { random.withLock { $0.next() } }
}
