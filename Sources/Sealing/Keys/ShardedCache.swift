import Synchronization

/// A ``RecentCache`` in parts with a lock each, so that callers on several cores seldom wait for each other.
struct ShardedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private final class Shard: Sendable {
        let cache: Mutex<RecentCache<Key, Value>>

        init(capacity: Int) { cache = Mutex(RecentCache(capacity: capacity)) }
    }

    private let shards: [Shard]

    private static var count: Int { 16 }

    /// - Parameter capacity: entries per generation, over all parts.
    init(capacity: Int) {
        shards = (0..<Self.count).map { _ in Shard(capacity: capacity / Self.count) }
    }

    /// Runs `body` alone on the part that `key` belongs to.
    func withPart<Result: Sendable>(of key: Key, _ body: (inout RecentCache<Key, Value>) -> Result) -> Result {
        shards[Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))].cache.withLock { body(&$0) }
    }

    /// Runs `body` alone on each part in turn.
    func forEachPart(_ body: (inout RecentCache<Key, Value>) -> Void) {
        for shard in shards { shard.cache.withLock { body(&$0) } }
    }
}
