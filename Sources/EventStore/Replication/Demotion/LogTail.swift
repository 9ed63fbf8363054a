/// What a writer had recorded when another had taken its place, and nobody else has: set aside as a file, sealed as it was stored, so that
/// somebody can look at it and enter again what must not be lost. The format is described in `TailFormat`.
public enum LogTail {
    /// What a tail holds.
    public struct Summary: Sendable, Hashable {
        /// Of the log it was cut from.
        public var identity: String
        /// Of the writer that recorded it.
        public var epoch: Int64
        /// The last position that both logs have.
        public var after: Int64
        /// The last position of the tail; ``after`` if it holds commands alone.
        public var last: Int64
        /// Merkle root of the log that ended at ``last``.
        public var rootHash: Hash256
        public var eventCount = 0
        public var attachmentCount = 0
        public var commandCount = 0
        /// Streams of the events, in the order in which they first appear.
        public var streams: [StreamID] = []
    }

    /// One part of a tail.
    public enum Entry: Sendable, Hashable {
        case event(RecordedEvent)
        /// Right after its event.
        case attachment(ReplicatedAttachment)
        /// After all events.
        case command(ReplicatedCommand)
    }

    /// Reads a tail and checks all of it: the hash over the file, every leaf and attachment, the order of positions, the Merkle root. Each
    /// entry is handed over as it is read: only when this has returned is the file known to be whole.
    ///
    /// - Throws: ``EventStoreError`` `notALog` if the file cannot be opened, `corrupted` if it is not what was written; what `body` throws.
    public static func read(_ path: String, _ body: (Entry) throws -> Void = { _ in }) throws -> Summary {
        let reader = try TailReader(path)
        guard var (kind, fields) = try reader.next(), kind == .head else { throw TailFormat.damaged }
        let head = try TailFormat.head(&fields)
        var frontier = head.frontier
        var summary = Summary(
            identity: head.identity,
            epoch: head.epoch,
            after: frontier.size,
            last: head.last,
            rootHash: head.rootHash
        )
        var streams: Set<StreamID> = []
        // The attachment that the last event has, until it was read.
        var awaited: Hash256?
        while let next = try reader.next() {
            (kind, fields) = next
            guard (kind == .attachment) == (awaited != nil) else { throw TailFormat.damaged }
            switch kind {
            case .head, .end:
                throw TailFormat.damaged
            case .event:
                let event = try TailFormat.event(&fields)
                guard event.position == frontier.size + 1, event.position <= head.last, summary.commandCount == 0,
                    try LeafEntry(of: event, logIdentity: head.identity).leafHash == event.leafHash
                else { throw TailFormat.damaged }
                frontier.append(event.leafHash)
                awaited = event.attachmentHash
                summary.eventCount += 1
                if streams.insert(event.stream).inserted { summary.streams.append(event.stream) }
                try body(.event(event))
            case .attachment:
                let attachment = try TailFormat.attachment(&fields)
                guard attachment.position == frontier.size, Hash256.of(attachment.bytes) == awaited else { throw TailFormat.damaged }
                awaited = nil
                summary.attachmentCount += 1
                try body(.attachment(attachment))
            case .command:
                summary.commandCount += 1
                try body(.command(try TailFormat.command(&fields)))
            }
            guard fields.isAtEnd else { throw TailFormat.damaged }
        }
        guard awaited == nil, frontier.size == head.last, frontier.root == head.rootHash else { throw TailFormat.damaged }
        return summary
    }
}
