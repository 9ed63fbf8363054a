public import EventStore
public import Kafka
import Timekeeping

/// Makes records of events: CloudEvents 1.0 in the binary mode of its Kafka binding, described in `schemas/asyncapi.yaml`.
public struct EventEncoder: Sendable {
    private let topic: String
    private let territory: [UInt8]
    private var texts = TextCache()
    private var schemas: [String: [UInt8]] = [:]

    private static let specVersion = Array("1.0".utf8)
    private static let contentType = Array(EventSchema.contentType.utf8)
    /// Beyond these, a year has no four digits whatever the offset.
    static let writableTimes: ClosedRange<Int64> = -62_135_000_000_000...253_402_000_000_000
    static let writableOffsets: ClosedRange<Int16> = -1_439...1_439
    private static let schemaLimit = 1_000

    /// - Parameter identity: of the log; part of every leaf.
    public init(topics: Topics, identity: String) {
        topic = topics.events
        territory = Array(identity.utf8)
    }

    /// - Parameter epoch: of the writer that hands the event over.
    public mutating func record(of event: RecordedEvent, epoch: Int64) -> KafkaRecord {
        let subject = event.stream.withBytes { HeaderText.hex($0) }
        var headers: [KafkaHeader] = []
        headers.reserveCapacity(20)
        headers.append(KafkaHeader(HeaderName.specVersion, Self.specVersion))
        headers.append(KafkaHeader(HeaderName.id, HeaderText.uuid(event.id.bytes)))
        headers.append(KafkaHeader(HeaderName.source, texts.bytes(of: event.source)))
        headers.append(KafkaHeader(HeaderName.type, texts.bytes(of: event.type)))
        headers.append(KafkaHeader(HeaderName.subject, subject))
        headers.append(KafkaHeader(HeaderName.time, text: event.time.rfc3339))
        if let schema = schema(of: event.type) { headers.append(KafkaHeader(HeaderName.dataSchema, schema)) }
        headers.append(KafkaHeader(HeaderName.contentType, Self.contentType))
        headers.append(KafkaHeader(HeaderName.recordedTime, text: event.recordedAt.rfc3339))
        headers.append(KafkaHeader(HeaderName.position, HeaderText.decimal(event.position)))
        headers.append(KafkaHeader(HeaderName.version, HeaderText.decimal(event.version)))
        if let causation = event.causation { headers.append(KafkaHeader(HeaderName.causation, HeaderText.uuid(causation.bytes))) }
        if let correlation = event.correlation { headers.append(KafkaHeader(HeaderName.correlation, HeaderText.uuid(correlation.bytes))) }
        if let actor = event.actor { headers.append(KafkaHeader(HeaderName.actor, texts.bytes(of: actor))) }
        headers.append(KafkaHeader(HeaderName.territory, territory))
        if let keyID = event.keyID { headers.append(KafkaHeader(HeaderName.keyID, text: keyID)) }
        headers.append(KafkaHeader(HeaderName.leafHash, event.leafHash.withBytes { HeaderText.hex($0) }))
        if let hash = event.attachmentHash { headers.append(KafkaHeader(HeaderName.attachmentHash, hash.withBytes { HeaderText.hex($0) })) }
        headers.append(KafkaHeader(HeaderName.epoch, HeaderText.decimal(epoch)))
        if !isWritable(event) {
            let times = "\(event.time.millisecondsSinceEpoch) \(event.time.offsetMinutes) \(event.recordedAt.millisecondsSinceEpoch)"
            headers.append(KafkaHeader(HeaderName.exactTimes, text: times))
        }
        return KafkaRecord(
            topic: topic,
            key: subject,
            value: event.payload,
            headers: headers,
            timestamp: max(0, event.recordedAt.millisecondsSinceEpoch)
        )
    }

    /// Whether RFC 3339 says all about the event's times.
    private func isWritable(_ event: RecordedEvent) -> Bool {
        Self.writableTimes ~= event.time.millisecondsSinceEpoch && Self.writableTimes ~= event.recordedAt.millisecondsSinceEpoch
            && Self.writableOffsets ~= event.time.offsetMinutes
    }

    private mutating func schema(of type: String) -> [UInt8]? {
        if let known = schemas[type] { return known }
        guard let url = EventSchema.url(forType: type) else { return nil }
        let bytes = Array(url.utf8)
        if schemas.count < Self.schemaLimit { schemas[type] = bytes }
        return bytes
    }
}
