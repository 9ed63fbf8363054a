import EventStore
import Kafka
import Sealing
import Timekeeping

/// Keys that were read and not taken in yet: of each the last record.
struct KeyInbox {
    private enum Last {
        case key(WrappedKey)
        case destroyed(at: Int64)
    }

    private let codec: KeyRecordCodec
    private var last: [String: Last] = [:]
    /// The first offset that was not read yet.
    private(set) var next: Int64
    /// How far what is kept goes.
    private(set) var kept: Int64

    /// - Parameter next: as it was kept.
    init(topics: Topics, identity: String, next: Int64) {
        codec = KeyRecordCodec(topics: topics, identity: identity)
        self.next = next
        kept = next
    }

    /// Whether there is anything that was read and is not kept.
    var isBehind: Bool { kept < next }

    mutating func add(_ message: KafkaMessage) throws(StreamingError) {
        guard message.offset >= next else { return }
        switch try codec.record(of: message) {
        case .key(let key): last[key.id] = .key(key)
        case .destroyed(let id): last[id] = .destroyed(at: message.timestamp ?? 0)
        case .marker: break
        }
        next = message.offset.saturatingSuccessor
    }

    /// Destroys and takes in what came, durably.
    ///
    /// - Returns: how many keys were new, and how many were destroyed.
    /// - Throws: `SealingError`, `EventStoreError`.
    mutating func empty(into vault: KeyVault, masters: [MasterKey]) throws -> (adopted: Int, destroyed: Int) {
        var keys: [WrappedKey] = []
        var destroyed: [Int64: [String]] = [:]
        for (id, record) in last {
            switch record {
            case .key(let key): keys.append(key)
            case .destroyed(let time): destroyed[time, default: []].append(id)
            }
        }
        var count = 0
        for (time, ids) in destroyed { count += try vault.destroy(ids, at: Instant(millisecondsSinceEpoch: time)) }
        // In the order in which they were made, so that a stream's newest is the one in use.
        keys.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        let adopted = try vault.adopt(keys, masters: masters)
        last = [:]
        kept = next
        return (adopted, count)
    }
}
