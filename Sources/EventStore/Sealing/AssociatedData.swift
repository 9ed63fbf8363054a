import Timekeeping

/// What a sealed text is bound to (I10), as deterministic bytes: moved to another event, or to another part of its
/// event, it no longer opens.
///
/// Encoding: one byte for the part (1 payload, 2 attachment, 3 answer), then fields as in `schemas/leaf.md`. For an
/// event: id, type, source, subject, time in milliseconds, offset in minutes, keyid, dataschema. For an answer: the
/// command's digest, request hash, stream, keyid.
enum AssociatedData {
    enum Part: UInt8 {
        case payload = 1
        case attachment = 2
        case answer = 3
    }

    static func ofEvent(
        _ part: Part,
        id: EventID,
        type: String,
        source: String,
        stream: StreamID,
        time: Instant,
        keyID: String?
    ) -> [UInt8] {
        var encoder = LengthPrefixedEncoder(capacity: 256)
        encoder.append(byte: part.rawValue)
        encoder.append(high: id.high, low: id.low)
        encoder.append(type)
        encoder.append(source)
        encoder.append(high: stream.high, low: stream.low)
        encoder.append(time.millisecondsSinceEpoch)
        encoder.append(time.offsetMinutes)
        encoder.append(keyID)
        encoder.append(EventSchema.url(forType: type))
        return encoder.bytes
    }

    static func ofAnswer(commandDigest: [UInt8], requestHash: Hash256, stream: StreamID, keyID: String?) -> [UInt8] {
        var encoder = LengthPrefixedEncoder()
        encoder.append(byte: Part.answer.rawValue)
        for byte in commandDigest { encoder.append(byte: byte) }
        encoder.append(requestHash)
        encoder.append(high: stream.high, low: stream.low)
        encoder.append(keyID)
        return encoder.bytes
    }
}
