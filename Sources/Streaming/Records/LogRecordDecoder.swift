import EventStore
public import Kafka
import Timekeeping

/// Reads what ``LogRecordEncoder`` wrote.
public struct LogRecordDecoder: Sendable {
    private let territory: [UInt8]
    private var texts = TextCache()

    public init(identity: String) {
        territory = Array(identity.utf8)
    }

    /// - Throws: ``StreamingError`` `malformedRecord`, `wrongTerritory`.
    public mutating func record(of message: KafkaMessage) throws(StreamingError) -> LogRecord {
        var headers = HeaderReader(message)
        guard try headers.required(HeaderName.logTerritory) == territory else { throw .wrongTerritory(at: message.place) }
        let epoch = try headers.count(HeaderName.logEpoch)
        let value = message.value ?? []
        switch message.key {
        case LogRecordEncoder.attachmentKey?:
            let attempt = try attempt(&headers)
            let attachment = ReplicatedAttachment(position: try headers.count(HeaderName.logPosition), bytes: value)
            return .attachment(attachment, epoch: epoch, attempt: attempt)
        case LogRecordEncoder.commandKey?:
            let attempt = try attempt(&headers)
            return .command(try command(&headers, answer: value), epoch: epoch, attempt: attempt)
        case LogRecordEncoder.batchKey?:
            return .batch(try seal(&headers, epoch, value))
        case LogRecordEncoder.writerKey?:
            return .writer(try writer(&headers, epoch, value))
        default:
            throw .malformed("There is an unknown key", at: message.place)
        }
    }

    private func attempt(_ headers: inout HeaderReader) throws(StreamingError) -> UInt64 {
        guard let bytes = HeaderText.bytes(hex: try headers.required(HeaderName.attempt)), bytes.count == 8 else {
            throw headers.malformed(HeaderName.attempt)
        }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func command(_ headers: inout HeaderReader, answer: [UInt8]) throws(StreamingError) -> ReplicatedCommand {
        let position = try headers.count(HeaderName.logPosition)
        guard let scope = texts.text(of: try headers.required(HeaderName.scope)) else { throw headers.malformed(HeaderName.scope) }
        guard let digest = HeaderText.bytes(hex: try headers.required(HeaderName.digest)) else { throw headers.malformed(HeaderName.digest) }
        guard let requestHash = try headers.hash(HeaderName.requestHash) else { throw headers.malformed(HeaderName.requestHash) }
        return ReplicatedCommand(
            digest: digest,
            scope: scope,
            requestHash: requestHash,
            isLasting: try headers.required(HeaderName.isLasting) == LogRecordEncoder.yes,
            position: position,
            recordedAt: Instant(millisecondsSinceEpoch: try headers.number(HeaderName.commandTime)),
            answer: answer,
            answerStream: try headers.stream(HeaderName.answerStream),
            answerKeyID: try headers.optionalText(HeaderName.answerKeyID)
        )
    }

    private func seal(_ headers: inout HeaderReader, _ epoch: Int64, _ value: [UInt8]) throws(StreamingError) -> BatchSeal {
        let attempt = try attempt(&headers)
        let first = try headers.number(HeaderName.first)
        let last = try headers.count(HeaderName.last)
        // As the log itself counts: from 1, and one may follow.
        guard first > 0, last < Int64.max, first <= last + 1 else { throw headers.malformed(HeaderName.first) }
        let attachments = try headers.count(HeaderName.attachmentCount)
        let commands = try headers.count(HeaderName.commandCount)
        guard let root = try headers.hash(HeaderName.root) else { throw headers.malformed(HeaderName.root) }
        let keysThrough = try headers.count(HeaderName.keysThrough)
        let recordedAt = try headers.number(HeaderName.lastRecordedAt)
        let writerAt = try headers.optionalCount(HeaderName.writerAt)
        guard let checkpoint = ReplicationCheckpoint(bytes: value), checkpoint.cursor.position == last, checkpoint.frontier.root == root else {
            throw .malformed("The checkpoint is not the seal's", at: headers.place)
        }
        return BatchSeal(
            epoch: epoch,
            attempt: attempt,
            first: first,
            last: last,
            attachmentCount: Int(clamping: attachments),
            commandCount: Int(clamping: commands),
            rootHash: root,
            keysThrough: keysThrough,
            writerAt: writerAt,
            recordedAt: recordedAt,
            checkpoint: checkpoint
        )
    }

    private func writer(_ headers: inout HeaderReader, _ epoch: Int64, _ value: [UInt8]) throws(StreamingError) -> WriterAnnouncement {
        let position = try headers.count(HeaderName.last)
        guard let root = try headers.hash(HeaderName.root), let checkpoint = ReplicationCheckpoint(bytes: value),
            checkpoint.cursor.position == position, checkpoint.frontier.root == root
        else { throw .malformed("The checkpoint is not the writer's", at: headers.place) }
        var previous: ReplicationCheckpoint?
        let previousEpoch = try headers.optionalCount(HeaderName.previousEpoch)
        if let text = headers.optional(HeaderName.previousCheckpoint) {
            guard let bytes = HeaderText.bytes(hex: text), let checkpoint = ReplicationCheckpoint(bytes: bytes) else {
                throw headers.malformed(HeaderName.previousCheckpoint)
            }
            previous = checkpoint
        }
        return WriterAnnouncement(
            epoch: epoch,
            checkpoint: checkpoint,
            previousEpoch: previousEpoch,
            previousCheckpoint: previous,
            previousAt: try headers.optionalCount(HeaderName.writerAt)
        )
    }
}
