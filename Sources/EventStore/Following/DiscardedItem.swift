public import Timekeeping

/// A parked event that somebody decided to do without, and why.
public struct DiscardedItem: Sendable, Hashable {
    public let item: ParkedItem
    /// Who decided, as a URN or an operator's name.
    public let by: String
    public let at: Instant
    public let reason: String

    public init(item: ParkedItem, by: String, at: Instant, reason: String) {
        self.item = item
        self.by = by
        self.at = at
        self.reason = reason
    }
}
