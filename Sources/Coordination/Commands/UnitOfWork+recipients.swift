import EventStore
public import Pathways

/// What one unit of work decided about somebody who is told things. It holds no state of theirs, which may be long.
struct RecipientDraft: Sendable {
    let version: Int64
    var events: [NewEvent] = []
    var changes: [DomainEvent] = []

    func write(on stream: StreamID) -> StreamWrite {
        StreamWrite(stream: stream, expected: version == 0 ? .noStream : .exactly(version), events: events)
    }
}

extension UnitOfWork {
    /// Decides on somebody who is told things, whose stream is then expected to be as it was read.
    ///
    /// - Parameter decide: gives what is to be recorded, nil if that is known; sees what this unit decided before.
    /// - Returns: whether there was anything to record.
    /// - Throws: `Rejection` if the domain refuses; `CoordinationError.unreadable`; `EventStoreError`.
    @discardableResult
    public mutating func decide<Fact: EventBody>(
        on rpps: String,
        by author: Author,
        _ decide: (Recipient) throws -> Fact?
    ) throws -> Bool {
        let stream = streams.recipient(rpps)
        let known = try loader.recentRecipient(stream, rpps: rpps)
        var draft = recipients[stream] ?? RecipientDraft(version: known.version)
        // A refusal too is only as good as the version that it was made on.
        recipients[stream] = draft
        var state = known.state
        for change in draft.changes { state.evolve(with: change) }
        let fact = try decide(state)
        if let fact {
            draft.events.append(newEvent(fact, time: author.occurredAt, author))
            if let change = try DomainEvent(type: Fact.type, payload: fact.payload) { draft.changes.append(change) }
            decided += 1
        }
        recipients[stream] = draft
        return fact != nil
    }
}
