/// The attachment of an event, as stored (sealed).
public struct ReplicatedAttachment: Sendable, Hashable {
    /// Of its event.
    public var position: Int64
    public var bytes: [UInt8]

    public init(position: Int64, bytes: [UInt8]) {
        self.position = position
        self.bytes = bytes
    }
}
