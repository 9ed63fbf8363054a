import Timekeeping

extension TailFormat {
    /// What stands first in the file.
    struct Head {
        var identity: String
        var last: Int64
        var epoch: Int64
        var rootHash: Hash256
        /// Over the events before the tail.
        var frontier: MerkleFrontier
    }

    static func record(_ head: Head) -> Record {
        var record = Record(.head)
        record.append(head.identity)
        record.append(head.frontier.size)
        record.append(head.last)
        record.append(head.epoch)
        record.append(head.rootHash.bytes)
        record.append(head.frontier.bytes)
        return record
    }

    static func head(_ fields: inout Fields) throws -> Head {
        let identity = try fields.text()
        let size = try fields.integer()
        let (last, epoch) = (try fields.integer(), try fields.integer())
        let root = try fields.required { Hash256(bytes: $0) }
        let frontier = try fields.required { $0.withUnsafeBytes { MerkleFrontier(size: size, bytes: $0) } }
        guard size <= last, last < Int64.max else { throw damaged }
        return Head(identity: identity, last: last, epoch: epoch, rootHash: root, frontier: frontier)
    }

    static func record(_ event: RecordedEvent) -> Record {
        var record = Record(.event)
        record.append(event.position)
        record.append(event.version)
        record.append(event.stream.bytes)
        record.append(event.id.bytes)
        record.append(event.type)
        record.append(event.source)
        record.append(event.time.millisecondsSinceEpoch)
        record.append(Int64(event.time.offsetMinutes))
        record.append(event.recordedAt.millisecondsSinceEpoch)
        record.append(event.actor)
        record.append(event.causation?.bytes)
        record.append(event.correlation?.bytes)
        record.append(event.keyID)
        record.append(event.attachmentHash?.bytes)
        record.append(event.leafHash.bytes)
        record.append(event.payload)
        return record
    }

    static func event(_ fields: inout Fields) throws -> RecordedEvent {
        RecordedEvent(
            position: try fields.integer(),
            version: try fields.integer(),
            stream: try fields.required { StreamID(bytes: $0) },
            id: try fields.required { EventID(bytes: $0) },
            type: try fields.text(),
            source: try fields.text(),
            time: Instant(millisecondsSinceEpoch: try fields.integer(), offsetMinutes: try whole(Int16(exactly: fields.integer()))),
            recordedAt: Instant(millisecondsSinceEpoch: try fields.integer()),
            actor: try fields.optionalText(),
            causation: try fields.optional { EventID(bytes: $0) },
            correlation: try fields.optional { EventID(bytes: $0) },
            keyID: try fields.optionalText(),
            attachmentHash: try fields.optional { Hash256(bytes: $0) },
            payload: [],
            leafHash: try fields.required { Hash256(bytes: $0) }
        )
        .with(payload: try fields.required())
    }

    static func record(_ attachment: ReplicatedAttachment) -> Record {
        var record = Record(.attachment)
        record.append(attachment.position)
        record.append(attachment.bytes)
        return record
    }

    static func attachment(_ fields: inout Fields) throws -> ReplicatedAttachment {
        ReplicatedAttachment(position: try fields.integer(), bytes: try fields.required())
    }

    static func record(_ command: ReplicatedCommand) -> Record {
        var record = Record(.command)
        record.append(command.digest)
        record.append(command.scope)
        record.append(command.requestHash.bytes)
        record.append(command.isLasting ? 1 : 0)
        record.append(command.position)
        record.append(command.recordedAt.millisecondsSinceEpoch)
        record.append(command.answer)
        record.append(command.answerStream?.bytes)
        record.append(command.answerKeyID)
        return record
    }

    static func command(_ fields: inout Fields) throws -> ReplicatedCommand {
        ReplicatedCommand(
            digest: try fields.required(),
            scope: try fields.text(),
            requestHash: try fields.required { Hash256(bytes: $0) },
            isLasting: try fields.integer() != 0,
            position: try fields.integer(),
            recordedAt: Instant(millisecondsSinceEpoch: try fields.integer()),
            answer: try fields.required(),
            answerStream: try fields.optional { StreamID(bytes: $0) },
            answerKeyID: try fields.optionalText()
        )
    }
}

extension RecordedEvent {
    fileprivate func with(payload: [UInt8]) -> RecordedEvent {
        var event = self
        event.payload = payload
        return event
    }
}
