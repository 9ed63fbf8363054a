public import EventStore
public import Timekeeping

/// A live data key, without the key itself.
public struct StreamKey: Sendable, Hashable {
    /// As in the envelope's `keyid`.
    public var keyID: String
    /// The stream whose key it is.
    public var stream: StreamID
    /// When it was made, in UTC.
    public var createdAt: Instant

    public init(keyID: String, stream: StreamID, createdAt: Instant) {
        self.keyID = keyID
        self.stream = stream
        self.createdAt = createdAt
    }
}
