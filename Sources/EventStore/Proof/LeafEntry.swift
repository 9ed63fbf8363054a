import Timekeeping

/// The Merkle entry of an event: its whole envelope and the hash of its stored payload, as deterministic bytes.
/// The format is specified byte by byte in `schemas/leaf.md`.
///
/// What the log gives (position, version, recorded time) stands first at fixed places, so that the rest is
/// encoded in the caller's task and only 24 bytes are written on the append path.
public struct LeafEntry: Sendable {
    /// Entries are shorter than this, by event-store.md.
    public static let sizeLimit = 4096
    static let format: UInt8 = 1
    static let absent: UInt16 = 0xFFFF

    /// What precedes the entry in the leaf hash (RFC 6962 §2.1: 0x00 for leaves).
    private static let leafPrefix: UInt8 = 0
    // 0x00, the format byte, then three fields of 2 + 8 bytes.
    private static let positionOffset = 4
    private static let versionOffset = 14
    private static let recordedAtOffset = 24

    /// 0x00 ‖ entry.
    private(set) var hashInput: [UInt8]

    /// The author's part of an envelope, with what sealing gave.
    struct AuthorPart {
        var logIdentity: String
        var id: EventID
        var type: String
        var source: String
        var stream: StreamID
        var time: Instant
        var causation: EventID?
        var correlation: EventID?
        var actor: String?
        var keyID: String?
        var attachmentHash: Hash256?
        var payloadHash: Hash256
    }

    /// The entry of a recorded event of the log named `logIdentity`, from its stored bytes.
    ///
    /// - Throws: ``EventStoreError`` `invalidEvent` if it would not fit ``sizeLimit``.
    public init(of event: RecordedEvent, logIdentity: String) throws {
        try self.init(AuthorPart(of: event, logIdentity: logIdentity))
        place(position: event.position, version: event.version, recordedAt: event.recordedAt)
    }

    /// The entry with zeros where the log writes; see ``place(position:version:recordedAt:)``.
    init(_ part: AuthorPart) throws {
        let texts = [part.logIdentity, part.type, part.source, part.actor ?? "", part.keyID ?? ""]
        // Each text is checked by itself first so that no length can wrap the 16-bit prefix.
        guard texts.allSatisfy({ $0.utf8.count < Self.sizeLimit }) else { throw Self.tooLarge(part.id) }
        var encoder = LengthPrefixedEncoder(capacity: 512)
        encoder.append(byte: Self.leafPrefix)
        encoder.append(byte: Self.format)
        for _ in 0..<3 { encoder.append(Int64(0)) }
        encoder.append(part.logIdentity)
        encoder.append(high: part.id.high, low: part.id.low)
        encoder.append(part.type)
        encoder.append(part.source)
        encoder.append(high: part.stream.high, low: part.stream.low)
        encoder.append(part.time.millisecondsSinceEpoch)
        encoder.append(part.time.offsetMinutes)
        encoder.append(part.causation)
        encoder.append(part.correlation)
        encoder.append(part.actor)
        encoder.append(part.keyID)
        encoder.append(EventSchema.url(forType: part.type))
        encoder.append(EventSchema.contentType)
        encoder.append(part.attachmentHash)
        encoder.append(part.payloadHash)
        hashInput = encoder.bytes
        guard hashInput.count - 1 < Self.sizeLimit else { throw Self.tooLarge(part.id) }
    }

    /// The entry's bytes.
    public var bytes: ArraySlice<UInt8> { hashInput.dropFirst() }

    /// SHA-256(0x00 ‖ entry).
    public var leafHash: Hash256 { Hash256.of(hashInput) }

    /// Fills in what the log gives.
    mutating func place(position: Int64, version: Int64, recordedAt: Instant) {
        hashInput.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: position.bigEndian, toByteOffset: Self.positionOffset, as: Int64.self)
            bytes.storeBytes(of: version.bigEndian, toByteOffset: Self.versionOffset, as: Int64.self)
            bytes.storeBytes(of: recordedAt.millisecondsSinceEpoch.bigEndian, toByteOffset: Self.recordedAtOffset, as: Int64.self)
        }
    }

    private static func tooLarge(_ id: EventID) -> EventStoreError {
        EventStoreError(.invalidEvent, "The envelope of event \(id) does not fit \(sizeLimit) bytes: shorten type, source or actor.")
    }
}

extension LeafEntry.AuthorPart {
    /// What the author of a recorded event gave, by its stored bytes.
    init(of event: RecordedEvent, logIdentity: String) {
        self.init(
            logIdentity: logIdentity,
            id: event.id,
            type: event.type,
            source: event.source,
            stream: event.stream,
            time: event.time,
            causation: event.causation,
            correlation: event.correlation,
            actor: event.actor,
            keyID: event.keyID,
            attachmentHash: event.attachmentHash,
            payloadHash: Hash256.of(event.payload)
        )
    }
}
