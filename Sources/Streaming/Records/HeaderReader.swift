import EventStore
import Kafka

/// Takes headers out of a message by name. Headers that are asked for in the order in which they were written cost one comparison each.
struct HeaderReader {
    private let headers: [KafkaHeader]
    private var cursor = 0
    let place: KafkaOffset

    init(_ message: KafkaMessage) {
        headers = message.headers
        place = message.place
    }

    /// nil if there is no header of that name, or it is null.
    mutating func optional(_ name: String) -> [UInt8]? {
        if cursor < headers.count, headers[cursor].name == name {
            defer { cursor += 1 }
            return headers[cursor].value
        }
        guard let index = headers.firstIndex(where: { $0.name == name }) else { return nil }
        cursor = index + 1
        return headers[index].value
    }

    mutating func required(_ name: String) throws(StreamingError) -> [UInt8] {
        guard let value = optional(name) else { throw malformed(name) }
        return value
    }

    mutating func text(_ name: String) throws(StreamingError) -> String {
        let value = try required(name)
        guard let text = String(validating: value, as: UTF8.self) else { throw malformed(name) }
        return text
    }

    mutating func optionalText(_ name: String) throws(StreamingError) -> String? {
        guard let value = optional(name) else { return nil }
        guard let text = String(validating: value, as: UTF8.self) else { throw malformed(name) }
        return text
    }

    mutating func number(_ name: String) throws(StreamingError) -> Int64 {
        let value = try required(name)
        guard let number = HeaderText.number(value) else { throw malformed(name) }
        return number
    }

    /// A number that is not negative.
    mutating func count(_ name: String) throws(StreamingError) -> Int64 {
        let number = try number(name)
        guard number >= 0 else { throw malformed(name) }
        return number
    }

    mutating func optionalCount(_ name: String) throws(StreamingError) -> Int64? {
        guard let value = optional(name) else { return nil }
        guard let number = HeaderText.number(value), number >= 0 else { throw malformed(name) }
        return number
    }

    mutating func eventID(_ name: String) throws(StreamingError) -> EventID? {
        guard let value = optional(name) else { return nil }
        guard let bytes = HeaderText.bytes(uuid: value), let id = EventID(bytes: bytes) else { throw malformed(name) }
        return id
    }

    mutating func stream(_ name: String) throws(StreamingError) -> StreamID? {
        guard let value = optional(name) else { return nil }
        guard let bytes = HeaderText.bytes(hex: value), let stream = StreamID(bytes: bytes) else { throw malformed(name) }
        return stream
    }

    mutating func hash(_ name: String) throws(StreamingError) -> Hash256? {
        guard let value = optional(name) else { return nil }
        guard let bytes = HeaderText.bytes(hex: value), let hash = bytes.withUnsafeBytes({ Hash256(bytes: $0) }) else { throw malformed(name) }
        return hash
    }

    func malformed(_ name: String) -> StreamingError { .malformed("The header \(name) is missing or not what it should be", at: place) }
}

extension KafkaMessage {
    /// Its own place.
    var place: KafkaOffset { KafkaOffset(topic: topic, partition: partition, offset: offset) }
}
