public import NotificationChannels
public import Pathways

/// What a message says on a channel: the same bytes at each repeat.
public protocol MessageRenderer: Sendable {
    /// - Returns: nil if what it tells was erased: there is nothing to say any more.
    /// - Throws: anything else that no retry repairs parks the message; `EventStoreError` is tried again.
    func render(_ message: OutboxMessage, for channel: ChannelKind) throws -> RenderedMessage?
}
