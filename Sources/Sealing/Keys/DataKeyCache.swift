import Crypto
import Synchronization

/// Data keys in clear that were used lately, and ids that are known to be destroyed.
final class DataKeyCache: Sendable {
    enum Entry: Sendable {
        case live(SymmetricKey)
        case destroyed
    }

    private let entries: ShardedCache<String, Entry>
    /// How often keys were destroyed: what was read before the last time may no longer be kept.
    private let count = Atomic(0)

    /// - Parameter capacity: keys per generation; twice as many are held at most.
    init(capacity: Int) {
        entries = ShardedCache(capacity: capacity)
    }

    func entry(for id: String) -> Entry? {
        entries.withPart(of: id) { $0.value(for: id) }
    }

    /// To be noted before a key is read, and handed to ``keep(_:for:readAt:)``.
    var destructions: Int { count.load(ordering: .acquiring) }

    /// Keeps what was read, unless keys were destroyed since: a slow reader must not bring one back.
    func keep(_ entry: Entry, for id: String, readAt destructions: Int) {
        entries.withPart(of: id) { part in
            guard count.load(ordering: .acquiring) == destructions else { return }
            part.put(entry, for: id)
        }
    }

    /// Forgets keys for good.
    func destroy(_ ids: some Sequence<String>) {
        // Counted before anything is removed: whoever keeps a key after its removal sees the count.
        count.add(1, ordering: .acquiringAndReleasing)
        for id in ids {
            entries.withPart(of: id) { part in
                part.remove(id)
                part.put(.destroyed, for: id)
            }
        }
    }

    func removeAll() {
        count.add(1, ordering: .acquiringAndReleasing)
        entries.forEachPart { $0.removeAll() }
    }
}
