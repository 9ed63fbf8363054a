import EventStore

/// Events that were read and not given out yet: of each position the one of the newest writer.
struct PendingEvents {
    private var records: [Int64: EventRecord] = [:]
    /// Of payloads, with an allowance for the rest.
    private(set) var bytes = 0

    /// What a record costs beside its payload, about.
    private static let overhead = 512

    enum Addition {
        case added
        /// Was there already.
        case repeated
        /// Is there from a newer writer, or took the place of an older one's.
        case superseded
    }

    subscript(position: Int64) -> EventRecord? { records[position] }

    /// - Throws: ``StreamingError`` `forked` if the same writer has two events for a position.
    mutating func add(_ record: EventRecord) throws(StreamingError) -> Addition {
        let position = record.event.position
        guard let known = records[position] else {
            insert(record)
            return .added
        }
        let isSame = known.event.leafHash == record.event.leafHash
        guard isSame || known.epoch != record.epoch else { throw .forked("An event", at: position, epoch: record.epoch) }
        guard record.epoch > known.epoch else { return isSame ? .repeated : .superseded }
        _ = remove(position)
        insert(record)
        return isSame ? .repeated : .superseded
    }

    mutating func remove(_ position: Int64) -> EventRecord? {
        guard let record = records.removeValue(forKey: position) else { return nil }
        bytes -= record.event.payload.count + Self.overhead
        return record
    }

    private mutating func insert(_ record: EventRecord) {
        records[record.event.position] = record
        bytes += record.event.payload.count + Self.overhead
    }
}
