public import Timekeeping

/// An event as the log keeps it.
public struct RecordedEvent: Sendable, Hashable {
    /// Place in the log, from 1, without gaps.
    public var position: Int64
    /// Place in its stream, from 1, without gaps.
    public var version: Int64
    public var stream: StreamID
    public var id: EventID
    public var type: String
    public var source: String
    /// When it happened (`occurredAt`), with the author's UTC offset.
    public var time: Instant
    /// When the log learned it, in UTC; never earlier than that of the position before.
    public var recordedAt: Instant
    public var actor: String?
    public var causation: EventID?
    public var correlation: EventID?
    /// The key that seals payload and attachment; nil = stored in clear.
    public var keyID: String?
    /// SHA-256 of the stored (sealed) attachment; nil = there is none.
    public var attachmentHash: Hash256?
    /// The payload as stored; ``PayloadSealer/payload(of:)`` opens it.
    public var payload: [UInt8]
    /// RFC 6962 leaf hash over the whole envelope and the stored payload (`schemas/leaf.md`).
    public var leafHash: Hash256

    public init(
        position: Int64,
        version: Int64,
        stream: StreamID,
        id: EventID,
        type: String,
        source: String,
        time: Instant,
        recordedAt: Instant,
        actor: String?,
        causation: EventID?,
        correlation: EventID?,
        keyID: String?,
        attachmentHash: Hash256?,
        payload: [UInt8],
        leafHash: Hash256
    ) {
        self.position = position
        self.version = version
        self.stream = stream
        self.id = id
        self.type = type
        self.source = source
        self.time = time
        self.recordedAt = recordedAt
        self.actor = actor
        self.causation = causation
        self.correlation = correlation
        self.keyID = keyID
        self.attachmentHash = attachmentHash
        self.payload = payload
        self.leafHash = leafHash
    }
}
