public import EventStore
public import Pathways

/// Single events of the log, opened: for whoever decides on one of them.
extension StateLoader {
    /// The event at a position and what it says, nil if it was erased; nil if there is none.
    /// - Throws: `CoordinationError.unreadable` if it cannot be opened or decoded; `EventStoreError` if storage fails.
    public func recorded(at position: Int64) throws -> (event: RecordedEvent, says: DomainEvent?)? {
        guard position > 0, let event = try reader.read(after: position - 1, limit: 1).first, event.position == position else { return nil }
        return (event, try decode(event))
    }

    /// The events of some types in a stream from a version on, each with what it says, nil if it was erased; and the version of the last
    /// event read, of whatever type.
    ///
    /// - Parameter version: the first one to look at.
    public func recorded(
        _ types: Set<String>,
        in stream: StreamID,
        fromVersion version: Int64
    ) throws -> (found: [(event: RecordedEvent, says: DomainEvent?)], last: Int64) {
        var found: [(event: RecordedEvent, says: DomainEvent?)] = []
        var last = version - 1
        while true {
            let page = try reader.read(stream: stream, fromVersion: last + 1, limit: Self.pageSize)
            for event in page {
                if types.contains(event.type) { found.append((event, try decode(event))) }
                last = event.version
            }
            if page.count < Self.pageSize { return (found, last) }
        }
    }

    /// The attachment of an event, opened; nil if it has none, or was erased.
    /// - Throws: `CoordinationError.unreadable` if it cannot be opened; `EventStoreError` if storage fails.
    public func attachment(of event: RecordedEvent) throws -> [UInt8]? {
        guard let stored = try reader.attachment(of: event.position) else { return nil }
        do {
            return try sealer.attachment(stored, of: event)
        } catch let error as EventStoreError {
            throw error
        } catch {
            throw CoordinationError.unreadable(position: event.position, type: event.type, problem: "\(error)")
        }
    }
}
