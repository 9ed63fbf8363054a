public import EventStore
public import Pathways

extension StateLoader {
    /// Somebody as they want to be told and were told, folded up to the end of their stream.
    ///
    /// - Throws: `CoordinationError.unreadable` if an event cannot be opened or decoded; `EventStoreError` if storage fails.
    public func recipient(_ stream: StreamID, rpps: String) throws -> Recorded<Recipient> {
        if let known = recipients[stream], try reader.version(of: stream) == known.version { return known }
        // What is told grows for years: it is never copied for the next event alone.
        var recorded = recipients.take(stream) ?? Recorded(Recipient(rpps: rpps), version: 0)
        while true {
            let page = try reader.read(stream: stream, fromVersion: recorded.version + 1, limit: Self.pageSize)
            for event in page {
                if let says = try decode(event) { recorded.state.evolve(with: says) }
                recorded.version = event.version
            }
            if page.count < Self.pageSize { break }
        }
        if recorded.version > 0 { recipients.insert(recorded, for: stream) }
        return recorded
    }

    /// May be behind its stream: for decisions, whose append states the version they were made on.
    func recentRecipient(_ stream: StreamID, rpps: String) throws -> Recorded<Recipient> {
        try recipients[stream] ?? recipient(stream, rpps: rpps)
    }

    /// Takes what was appended into what is remembered, if that is where it was appended.
    func remember(_ changes: [DomainEvent], after version: Int64, of stream: StreamID) {
        recipients.update(stream) { known in
            guard known.version == version else { return }
            for change in changes { known.state.evolve(with: change) }
            known.version += Int64(changes.count)
        }
    }
}
