import EventStore
public import Kafka
import Timekeeping

/// Reads what ``EventEncoder`` wrote, to the last bit. Hashes are not checked here: whoever takes the events into a log does.
public struct EventDecoder: Sendable {
    private let territory: [UInt8]
    private var texts = TextCache()

    public init(identity: String) {
        territory = Array(identity.utf8)
    }

    /// - Throws: ``StreamingError`` `malformedRecord`, `wrongTerritory`.
    public mutating func event(of message: KafkaMessage) throws(StreamingError) -> EventRecord {
        var headers = HeaderReader(message)
        guard let id = try headers.eventID(HeaderName.id) else { throw headers.malformed(HeaderName.id) }
        let source = try text(HeaderName.source, &headers)
        let type = try text(HeaderName.type, &headers)
        guard let stream = try headers.stream(HeaderName.subject) else { throw headers.malformed(HeaderName.subject) }
        let time = try instant(HeaderName.time, &headers)
        let recordedAt = try instant(HeaderName.recordedTime, &headers)
        let position = try headers.number(HeaderName.position)
        let version = try headers.number(HeaderName.version)
        let causation = try headers.eventID(HeaderName.causation)
        let correlation = try headers.eventID(HeaderName.correlation)
        let actor = try headers.optional(HeaderName.actor).map { value throws(StreamingError) in
            guard let text = texts.text(of: value) else { throw headers.malformed(HeaderName.actor) }
            return text
        }
        guard try headers.required(HeaderName.territory) == territory else { throw .wrongTerritory(at: message.place) }
        let keyID = try headers.optionalText(HeaderName.keyID)
        guard let leafHash = try headers.hash(HeaderName.leafHash) else { throw headers.malformed(HeaderName.leafHash) }
        let attachmentHash = try headers.hash(HeaderName.attachmentHash)
        let epoch = try headers.count(HeaderName.epoch)
        guard position > 0, version > 0 else { throw headers.malformed(HeaderName.position) }
        var event = RecordedEvent(
            position: position,
            version: version,
            stream: stream,
            id: id,
            type: type,
            source: source,
            time: time,
            recordedAt: recordedAt,
            actor: actor,
            causation: causation,
            correlation: correlation,
            keyID: keyID,
            attachmentHash: attachmentHash,
            payload: message.value ?? [],
            leafHash: leafHash
        )
        if let exact = try headers.optionalText(HeaderName.exactTimes) { try set(exact, in: &event, headers) }
        return EventRecord(event: event, epoch: epoch)
    }

    private mutating func text(_ name: String, _ headers: inout HeaderReader) throws(StreamingError) -> String {
        let value = try headers.required(name)
        guard let text = texts.text(of: value) else { throw headers.malformed(name) }
        return text
    }

    private func instant(_ name: String, _ headers: inout HeaderReader) throws(StreamingError) -> Instant {
        let value = try headers.required(name)
        guard let instant = value.withUnsafeBytes({ Instant(rfc3339: $0) }) else { throw headers.malformed(name) }
        return instant
    }

    private func set(_ exact: String, in event: inout RecordedEvent, _ headers: HeaderReader) throws(StreamingError) {
        let parts = exact.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let time = Int64(parts[0]), let offset = Int16(parts[1]), let recordedAt = Int64(parts[2]) else {
            throw headers.malformed(HeaderName.exactTimes)
        }
        event.time = Instant(millisecondsSinceEpoch: time, offsetMinutes: offset)
        event.recordedAt = Instant(millisecondsSinceEpoch: recordedAt)
    }
}
