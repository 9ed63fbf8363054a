public import EventStore
public import Pathways
import Timekeeping

/// One decision over one or more streams: loads their states, collects what was decided, and becomes one atomic append.
public struct UnitOfWork: Sendable {
    private struct Draft<State: Sendable>: Sendable {
        var recorded: Recorded<State>
        var events: [NewEvent] = []
    }

    let streams: StreamNames
    let loader: StateLoader
    private let ids: EventIDGenerator
    private var pathways: [StreamID: Draft<Pathway>] = [:]
    private var patients: [StreamID: Draft<Patient>] = [:]
    var recipients: [StreamID: RecipientDraft] = [:]
    /// Streams that no decision depends on (intake, territory), with what they expect.
    private var logs: [(stream: StreamID, expected: ExpectedVersion, events: [NewEvent])] = []
    private var loadedTerritory: Recorded<TerritoryState>?
    /// Events of pathways, patients and recipients.
    var decided = 0
    private var subject: SealingRequest?

    init(loader: StateLoader, ids: EventIDGenerator, streams: StreamNames) {
        self.loader = loader
        self.ids = ids
        self.streams = streams
    }

    /// The state with what this unit decided so far.
    public mutating func pathway(_ stream: StreamID) throws -> Pathway { try draft(stream).recorded.state }

    /// An event of a stream and what it says, nil if it was erased; nil if the stream has no such event.
    func entry(_ id: EventID, of stream: StreamID) throws -> (recorded: RecordedEvent, event: DomainEvent?)? {
        try loader.entry(id, of: stream)
    }

    /// A patient on whom this decision does not depend: nothing is expected of their stream at the append. With what this unit decided.
    func readPatient(_ stream: StreamID) throws -> Patient { try patients[stream]?.recorded.state ?? loader.patient(stream).state }

    /// A pathway on which this decision does not depend: nothing is expected of its stream at the append.
    func readPathway(_ stream: StreamID) throws -> Pathway { try pathways[stream]?.recorded.state ?? loader.pathway(stream).state }

    /// How the numbers of patients hang together, with what this unit decided so far.
    var links: PatientLinks<any Error> {
        let work = self
        return PatientLinks { (hex) throws(any Error) in try StreamID(hex: hex).map { try work.readPatient($0) } ?? Patient() }
    }

    public mutating func patient(_ stream: StreamID) throws -> Patient { try patientDraft(stream).recorded.state }

    /// The directory and protocols in force.
    public mutating func territory() throws -> TerritoryState { try recordedTerritory().state }

    /// Those in force, without a copy of the rest of the territory.
    private mutating func protocols() throws -> ProtocolLibrary {
        if let loadedTerritory { return loadedTerritory.state.protocols }
        return try recordedTerritory().state.protocols
    }

    mutating func recordedTerritory() throws -> Recorded<TerritoryState> {
        if let loadedTerritory { return loadedTerritory }
        let found = try loader.territory(streams.territory)
        loadedTerritory = found
        return found
    }

    /// - Returns: what the command made happen; nothing if there was nothing to do.
    /// - Throws: `Rejection` if the domain refuses.
    @discardableResult
    public mutating func decide(_ command: PathwayCommand, on stream: StreamID, by author: Author) throws -> [PathwayEvent] {
        var draft = try draft(stream)
        let events = try Pathways.decide(command, given: draft.recorded.state, under: try protocols())
        decided += events.count
        for event in events {
            draft.recorded.state.evolve(with: event)
            draft.events.append(newEvent(event.body, time: event.occurredAt ?? author.occurredAt, author))
        }
        pathways[stream] = draft
        return events
    }

    /// Takes in what a message states of a patient.
    public mutating func identify(_ statement: PatientIdentified, on stream: StreamID, by author: Author) throws {
        var author = author
        author.occurredAt = statement.statement.recordedAt
        try decide(.identified(statement), on: stream, by: author)
    }

    /// Decides on a patient, whose stream is then expected to be as it was read.
    ///
    /// - Returns: whether there was anything to record.
    /// - Throws: `Rejection` if the domain refuses.
    @discardableResult
    public mutating func decide(_ wanted: PatientEvent, on stream: StreamID, by author: Author) throws -> Bool {
        var draft = try patientDraft(stream)
        let event = try draft.recorded.state.decide(wanted)
        if let event {
            draft.recorded.state.evolve(with: event)
            draft.events.append(newEvent(event.body, time: author.occurredAt, author))
            decided += 1
        }
        patients[stream] = draft
        return event != nil
    }

    /// An id for an event that is recorded later in this unit, so that others can name it as their cause.
    public func reserveID() -> EventID { ids.next() }

    /// Adds to a stream that no decision depends on.
    ///
    /// - Parameter id: from ``reserveID()``; a new one if nil.
    @discardableResult
    public mutating func record(
        _ body: some EventBody,
        on stream: StreamID,
        expecting expected: ExpectedVersion = .any,
        by author: Author,
        attachment: [UInt8]? = nil,
        sealedFor: SealingRequest? = nil,
        isInClear: Bool = false,
        id: EventID? = nil
    ) -> EventID {
        var event = newEvent(body, time: author.occurredAt, author, id: id)
        event.attachment = attachment
        event.sealedFor = sealedFor
        event.isInClear = isInClear
        let id = event.id
        if let index = logs.firstIndex(where: { $0.stream == stream }) {
            logs[index].events.append(event)
        } else {
            logs.append((stream, expected, [event]))
        }
        return id
    }

    /// Says whom the decision concerns, where that is more than the states it loads tell. Their erasure takes the answer with it.
    public mutating func concern(_ subject: SealingRequest) {
        self.subject = subject
    }

    /// Under whose key the answer is sealed: that of the patient or the pathway it is about, else the territory's.
    var answerSubject: SealingRequest {
        if let subject { return subject }
        if let (stream, draft) = pathways.min(by: { $0.key < $1.key }) {
            return SealingRequest(stream: stream, patient: draft.recorded.state.patientStream)
        }
        let stream = patients.keys.min() ?? recipients.keys.min() ?? streams.territory
        return SealingRequest(stream: stream, patient: patients.isEmpty ? nil : stream)
    }

    /// Whether nothing was decided.
    var isEmpty: Bool { logs.isEmpty && decided == 0 }

    /// A stream that was read and to which nothing is added is written too, with no event: the append then fails if it has moved on, so
    /// that what was decided on an old state is never kept.
    var writes: [StreamWrite] {
        logs.map { StreamWrite(stream: $0.stream, expected: $0.expected, events: $0.events) }
            + patients.sorted { $0.key < $1.key }.map { Self.write($0.key, $0.value, of: $0.key) }
            + pathways.sorted { $0.key < $1.key }.map { Self.write($0.key, $0.value, of: $0.value.recorded.state.patientStream) }
            + recipients.sorted { $0.key < $1.key }.map { $0.value.write(on: $0.key) }
    }

    /// The versions that the decision was made on.
    var loadedVersions: [(StreamID, Int64)] {
        pathways.map { ($0.key, $0.value.recorded.version) } + patients.map { ($0.key, $0.value.recorded.version) }
            + recipients.map { ($0.key, $0.value.version) }
    }

    /// Keeps the states for the next command, now that they are durable.
    func remember() {
        for (stream, draft) in pathways where !draft.events.isEmpty {
            loader.remember(Recorded(draft.recorded.state, version: draft.recorded.version + Int64(draft.events.count)), of: stream)
        }
        for (stream, draft) in patients where !draft.events.isEmpty {
            loader.remember(Recorded(draft.recorded.state, version: draft.recorded.version + Int64(draft.events.count)), of: stream)
        }
        for (stream, draft) in recipients { loader.remember(draft.changes, after: draft.version, of: stream) }
    }

    func forget() {
        for stream in pathways.keys { loader.forget(stream) }
        for stream in patients.keys { loader.forget(stream) }
        for stream in recipients.keys { loader.forget(stream) }
        for log in logs { loader.forget(log.stream) }
    }

    private static func write<State>(_ stream: StreamID, _ draft: Draft<State>, of patient: StreamID?) -> StreamWrite {
        StreamWrite(stream: stream, expected: draft.recorded.expected, events: draft.events, patient: patient)
    }

    private mutating func draft(_ stream: StreamID) throws -> Draft<Pathway> {
        if let found = pathways[stream] { return found }
        let draft = Draft(recorded: try loader.recentPathway(stream))
        pathways[stream] = draft
        return draft
    }

    private mutating func patientDraft(_ stream: StreamID) throws -> Draft<Patient> {
        if let found = patients[stream] { return found }
        let draft = Draft(recorded: try loader.recentPatient(stream))
        patients[stream] = draft
        return draft
    }

    func newEvent(_ body: some EventBody, time: Instant, _ author: Author, id: EventID? = nil) -> NewEvent {
        NewEvent(
            id: id ?? ids.next(),
            type: type(of: body).type,
            source: author.source,
            time: time,
            actor: author.actor,
            causation: author.causation,
            correlation: author.correlation,
            payload: body.payload
        )
    }
}

extension Pathway {
    /// The stream of the patient whose stay it is.
    var patientStream: StreamID? { reference.flatMap { StreamID(hex: $0.patientStream) } }
}
