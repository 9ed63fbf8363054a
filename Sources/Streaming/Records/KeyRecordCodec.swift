import EventStore
import Foundation
public import Kafka
import Sealing
import Timekeeping

/// Records of the topic `.keys`, described in `schemas/asyncapi.yaml`: JSON under the key's id, or a tombstone.
public struct KeyRecordCodec: Sendable {
    /// A wrapped key as JSON; no key id is written with a dot.
    private struct Document: Codable {
        var territory: String
        var stream: String
        var patient: String?
        var createdAt: String
        var masterKey: String
        var wrapped: Data
    }

    private static let markerKey = Array(".marker".utf8)

    private let topic: String
    private let identity: String

    /// - Parameter identity: of the log.
    public init(topics: Topics, identity: String) {
        topic = topics.keys
        self.identity = identity
    }

    public func record(of record: KeyRecord) throws -> KafkaRecord {
        switch record {
        case .key(let key):
            let document = Document(
                territory: identity,
                stream: key.stream.hex,
                patient: key.patient?.hex,
                createdAt: key.createdAt.rfc3339,
                masterKey: key.masterID,
                wrapped: Data(key.wrapped)
            )
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return make(Array(key.id.utf8), Array(try encoder.encode(document)))
        case .destroyed(let id):
            return make(Array(id.utf8), nil)
        case .marker:
            return make(Self.markerKey, Array("{}".utf8))
        }
    }

    private func make(_ key: [UInt8], _ value: [UInt8]?) -> KafkaRecord {
        KafkaRecord(topic: topic, partition: 0, key: key, value: value)
    }

    /// - Throws: ``StreamingError`` `malformedRecord`, `wrongTerritory`.
    public func record(of message: KafkaMessage) throws(StreamingError) -> KeyRecord {
        guard let bytes = message.key, let id = String(validating: bytes, as: UTF8.self), !id.isEmpty else {
            throw .malformed("There is no key id", at: message.place)
        }
        if bytes == Self.markerKey { return .marker }
        guard let value = message.value else { return .destroyed(id: id) }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(value)), let stream = StreamID(hex: document.stream),
            let createdAt = Instant(rfc3339: document.createdAt)
        else { throw .malformed("The wrapped key cannot be read", at: message.place) }
        guard document.territory == identity else { throw .wrongTerritory(at: message.place) }
        let patient = document.patient.flatMap { StreamID(hex: $0) }
        guard (patient == nil) == (document.patient == nil) else { throw .malformed("The wrapped key has no valid patient", at: message.place) }
        return .key(
            WrappedKey(
                id: id,
                stream: stream,
                patient: patient,
                createdAt: createdAt,
                masterID: document.masterKey,
                wrapped: Array(document.wrapped)
            )
        )
    }
}
