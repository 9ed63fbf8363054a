public import Sealing

/// A record of the topic `.keys`.
public enum KeyRecord: Sendable, Hashable {
    case key(WrappedKey)
    /// A tombstone.
    case destroyed(id: String)
    /// Follows what one transaction has to say about keys, so that a follower knows how far it must have read, whatever compaction took out.
    case marker
}
