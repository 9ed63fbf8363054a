import EventStore
public import Kafka
import Timekeeping

/// Makes the records of the topic `.log`, described in `schemas/asyncapi.yaml`: facts in headers, bytes as the value.
public struct LogRecordEncoder: Sendable {
    private let topic: String
    private let territory: KafkaHeader

    static let attachmentKey = Array("attachment".utf8)
    static let commandKey = Array("command".utf8)
    static let batchKey = Array("batch".utf8)
    static let writerKey = Array("writer".utf8)
    static let yes = Array("true".utf8)
    static let no = Array("false".utf8)

    /// - Parameter identity: of the log.
    public init(topics: Topics, identity: String) {
        topic = topics.log
        territory = KafkaHeader(HeaderName.logTerritory, text: identity)
    }

    public func record(of record: LogRecord) -> KafkaRecord {
        switch record {
        case .attachment(let attachment, let epoch, let attempt):
            let headers = common(epoch, attempt) + [number(HeaderName.logPosition, attachment.position)]
            return make(Self.attachmentKey, attachment.bytes, headers)
        case .command(let command, let epoch, let attempt):
            return make(Self.commandKey, command.answer, common(epoch, attempt) + headers(of: command))
        case .batch(let seal):
            return make(Self.batchKey, seal.checkpoint.bytes, common(seal.epoch, seal.attempt) + headers(of: seal))
        case .writer(let writer):
            return make(Self.writerKey, writer.checkpoint.bytes, headers(of: writer))
        }
    }

    private func make(_ key: [UInt8], _ value: [UInt8], _ headers: [KafkaHeader]) -> KafkaRecord {
        KafkaRecord(topic: topic, partition: 0, key: key, value: value, headers: headers)
    }

    private func common(_ epoch: Int64, _ attempt: UInt64) -> [KafkaHeader] {
        [territory, number(HeaderName.logEpoch, epoch), KafkaHeader(HeaderName.attempt, HeaderText.hex(attempt))]
    }

    private func headers(of command: ReplicatedCommand) -> [KafkaHeader] {
        var headers = [
            number(HeaderName.logPosition, command.position),
            KafkaHeader(HeaderName.scope, text: command.scope),
            KafkaHeader(HeaderName.digest, HeaderText.hex(command.digest)),
            KafkaHeader(HeaderName.requestHash, command.requestHash.withBytes { HeaderText.hex($0) }),
            KafkaHeader(HeaderName.isLasting, command.isLasting ? Self.yes : Self.no),
            number(HeaderName.commandTime, command.recordedAt.millisecondsSinceEpoch),
        ]
        if let stream = command.answerStream { headers.append(KafkaHeader(HeaderName.answerStream, stream.withBytes { HeaderText.hex($0) })) }
        if let keyID = command.answerKeyID { headers.append(KafkaHeader(HeaderName.answerKeyID, text: keyID)) }
        return headers
    }

    private func headers(of seal: BatchSeal) -> [KafkaHeader] {
        var headers = [
            number(HeaderName.first, seal.first),
            number(HeaderName.last, seal.last),
            number(HeaderName.attachmentCount, Int64(seal.attachmentCount)),
            number(HeaderName.commandCount, Int64(seal.commandCount)),
            KafkaHeader(HeaderName.root, seal.rootHash.withBytes { HeaderText.hex($0) }),
            number(HeaderName.keysThrough, seal.keysThrough),
            number(HeaderName.lastRecordedAt, seal.recordedAt),
        ]
        if let writerAt = seal.writerAt { headers.append(number(HeaderName.writerAt, writerAt)) }
        return headers
    }

    private func headers(of writer: WriterAnnouncement) -> [KafkaHeader] {
        var headers = [territory, number(HeaderName.logEpoch, writer.epoch), number(HeaderName.last, writer.position)]
        headers.append(KafkaHeader(HeaderName.root, writer.rootHash.withBytes { HeaderText.hex($0) }))
        if let epoch = writer.previousEpoch { headers.append(number(HeaderName.previousEpoch, epoch)) }
        if let checkpoint = writer.previousCheckpoint {
            headers.append(KafkaHeader(HeaderName.previousCheckpoint, HeaderText.hex(checkpoint.bytes)))
        }
        if let offset = writer.previousAt { headers.append(number(HeaderName.writerAt, offset)) }
        return headers
    }

    private func number(_ name: String, _ number: Int64) -> KafkaHeader { KafkaHeader(name, HeaderText.decimal(number)) }
}
