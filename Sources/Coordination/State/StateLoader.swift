public import EventStore
public import Pathways

/// Folds streams into states. The one place where the payloads of single streams are opened and decoded for decisions.
public struct StateLoader: Sendable {
    static let pageSize = 200
    package let reader: any EventReader
    let sealer: any PayloadSealer
    private let pathways = StateCache<Pathway>()
    private let patients = StateCache<Patient>()
    private let territories = StateCache<TerritoryState>(capacity: 4)
    /// Bytes of each generation of ``recipients``: what somebody was told grows for years, so that their number bounds nothing.
    private static let bytesOfRecipients = 24 << 20
    let recipients = StateCache<Recipient>(capacity: bytesOfRecipients) { $0.footprint }

    public init(reader: any EventReader, sealer: any PayloadSealer) {
        self.reader = reader
        self.sealer = sealer
    }

    /// Folded up to the end of its stream. An unknown stream gives the empty state at version 0.
    /// - Throws: `CoordinationError.unreadable` if an event cannot be opened or decoded; `EventStoreError` if storage fails.
    public func pathway(_ stream: StreamID) throws -> Recorded<Pathway> { try pathway(stream, upToDate: true) }

    /// Folded up to the end of its stream.
    public func patient(_ stream: StreamID) throws -> Recorded<Patient> { try patient(stream, upToDate: true) }

    /// The streams of all numbers of one person (A40), the surviving one first; the stream alone if it was never merged.
    public func person(of stream: StreamID) throws -> [StreamID] {
        try PatientLinks { (hex) throws(any Error) in try StreamID(hex: hex).map { try patient($0).state } ?? Patient() }
            .person(of: stream.hex)
            .compactMap { StreamID(hex: $0) }
    }

    /// May be behind its stream: for decisions, whose append states the version they were made on.
    func recentPathway(_ stream: StreamID) throws -> Recorded<Pathway> { try pathway(stream, upToDate: false) }

    /// May be behind its stream: for decisions, whose append states the version they were made on.
    func recentPatient(_ stream: StreamID) throws -> Recorded<Patient> { try patient(stream, upToDate: false) }

    private func pathway(_ stream: StreamID, upToDate: Bool) throws -> Recorded<Pathway> {
        try load(stream, from: pathways, Pathway(), upToDate: upToDate) { state, event in
            switch event {
            case .pathway(let event): state.evolve(with: event)
            // What was folded before may still be remembered, and must not be.
            case .streamErased(let erasure): state = Pathway(after: erasure)
            default: break
            }
        }
    }

    private func patient(_ stream: StreamID, upToDate: Bool) throws -> Recorded<Patient> {
        try load(stream, from: patients, Patient(stream: stream.hex), upToDate: upToDate) { state, event in
            state.evolve(with: event)
        }
    }

    /// Always read up to the end of its stream: a decision under an old directory would not conflict.
    public func territory(_ stream: StreamID) throws -> Recorded<TerritoryState> {
        try load(stream, from: territories, TerritoryState(), upToDate: true) { state, event in
            try state.evolve(with: event)
        }
    }

    /// An event of a stream by its id, and what it says, nil if it was erased; nil if the stream has no such event.
    func entry(_ id: EventID, of stream: StreamID) throws -> (recorded: RecordedEvent, event: DomainEvent?)? {
        var version: Int64 = 1
        while true {
            let page = try reader.read(stream: stream, fromVersion: version, limit: Self.pageSize)
            if let found = page.first(where: { $0.id == id }) { return (found, try decode(found)) }
            guard page.count == Self.pageSize, let last = page.last else { return nil }
            version = last.version + 1
        }
    }

    func remember(_ state: Recorded<Pathway>, of stream: StreamID) { pathways.insert(state, for: stream) }
    func remember(_ state: Recorded<Patient>, of stream: StreamID) { patients.insert(state, for: stream) }

    /// What another loader read of the same stream: files that are published are long to read.
    package func remember(_ state: Recorded<TerritoryState>, of stream: StreamID) { territories.insert(state, for: stream) }

    /// After a conflict: what was cached is behind.
    func forget(_ stream: StreamID) {
        pathways.remove(stream)
        patients.remove(stream)
        territories.remove(stream)
        recipients.remove(stream)
    }

    private func load<State>(
        _ stream: StreamID,
        from cache: StateCache<State>,
        _ initial: State,
        upToDate: Bool,
        _ evolve: (inout State, DomainEvent) throws -> Void
    ) throws -> Recorded<State> {
        var recorded = cache[stream] ?? Recorded(initial, version: 0)
        if recorded.version > 0 && !upToDate { return recorded }
        let before = recorded.version
        while true {
            let page = try reader.read(stream: stream, fromVersion: recorded.version + 1, limit: Self.pageSize)
            for event in page {
                if let decoded = try decode(event) { try evolve(&recorded.state, decoded) }
                recorded.version = event.version
            }
            if page.count < Self.pageSize { break }
        }
        if recorded.version > before { cache.insert(recorded, for: stream) }
        return recorded
    }

    /// What an event says, nil if it was erased or is of no known type.
    /// - Throws: `CoordinationError.unreadable`; `EventStoreError` if storage fails.
    package func decode(_ event: RecordedEvent) throws -> DomainEvent? {
        do {
            guard let payload = try sealer.payload(of: event) else { return nil }
            return try DomainEvent(type: event.type, payload: payload)
        } catch let error as EventStoreError {
            throw error
        } catch {
            // Malformed, or sealed under a key that an older copy of the key store lacks. Neither error quotes the event.
            throw CoordinationError.unreadable(position: event.position, type: event.type, problem: "\(error)")
        }
    }
}
