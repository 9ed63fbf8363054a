import EventStore

/// The leaves of the last events given out, so that a repetition is known from a fork.
struct RecentLeaves {
    private struct Leaf {
        var hash: Hash256
        var epoch: Int64
    }

    private let limit: Int
    private var leaves: [Leaf] = []
    /// Index in `leaves` of the oldest.
    private var start = 0
    private var last: Int64

    /// - Parameter position: of the last event given out before.
    init(after position: Int64, limit: Int = 8_192) {
        last = position
        self.limit = max(1, limit)
    }

    mutating func append(_ hash: Hash256, epoch: Int64) {
        let leaf = Leaf(hash: hash, epoch: epoch)
        if leaves.count < limit {
            leaves.append(leaf)
        } else {
            leaves[start] = leaf
            start = (start + 1) % limit
        }
        last += 1
    }

    /// nil if the position is too old.
    func leaf(at position: Int64) -> (hash: Hash256, epoch: Int64)? {
        let age = last - position
        guard age >= 0, age < leaves.count else { return nil }
        let index = (start + leaves.count - 1 - Int(age)) % leaves.count
        return (leaves[index].hash, leaves[index].epoch)
    }
}
