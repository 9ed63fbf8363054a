public import Coordination
public import EventStore
public import Pathways

/// Makes happenings of the log's events: with where the pathway stood before, and what was known of its patient by then. All of it is read from
/// the log up to the event, so that the same event gives the same happening whenever it comes.
public struct HappeningReader: Sendable {
    private let loader: StateLoader
    private let pathways: Folds<Pathway>
    private let patients: Folds<Patient>
    private let territory: TerritoryHistory

    /// Each reader of the log takes one of its own, which remembers where that one is.
    public init(coordinator: Coordinator) {
        loader = coordinator.loader
        territory = TerritoryHistory(of: coordinator.streams.territory, coordinator.loader)
        pathways = Folds(of: loader, footprint: { $0.footprint }) { _ in
            Pathway()
        } _: { pathway, event in
            switch event {
            case .pathway(let event): pathway.evolve(with: event)
            // What was folded before may still be remembered, and must not be.
            case .streamErased(let erasure): pathway = Pathway(after: erasure)
            default: break
            }
        }
        patients = Folds(of: loader, capacity: 2 << 20, footprint: { $0.footprint }) { stream in
            Patient(stream: stream.hex)
        } _: { patient, event in
            patient.evolve(with: event)
        }
    }

    /// The directory as it was when an event was recorded.
    ///
    /// - Throws: as ``happening(of:)``, or what is wrong with a file that was published.
    public func territory(at event: RecordedEvent) throws -> TerritoryState { try territory.state(before: event.position) }

    /// - Returns: nil if the event was erased, or says nothing that anybody is told.
    /// - Throws: `CoordinationError.unreadable` if it, or what came before it, cannot be opened or decoded; `EventStoreError` if storage fails.
    public func happening(of event: RecordedEvent) throws -> Happening? { try scene(of: event)?.happening }

    /// As ``happening(of:)``, with the streams of the person's other pathways, hexadecimal.
    func scene(of event: RecordedEvent) throws -> (happening: Happening, others: [String])? {
        guard let says = try loader.decode(event) else { return nil }
        switch says {
        case .pathway: return try scene(of: says, event)
        case .streamErased(let erasure):
            pathways.keep(Pathway(after: erasure), of: event.stream, with: event)
            return (Happening(says, id: event.id.description, recordedAt: event.recordedAt, stream: event.stream.hex), [])
        case .messageUndeliverable:
            return (Happening(says, id: event.id.description, recordedAt: event.recordedAt, stream: event.stream.hex), [])
        default: return nil
        }
    }

    private func scene(of says: DomainEvent, _ event: RecordedEvent) throws -> (happening: Happening, others: [String]) {
        let before = try pathways.state(of: event.stream, before: event.position, through: event.version - 1)
        func happening(isDeceased: Bool, toldOfDeath: Set<String>) -> Happening {
            Happening(
                says,
                id: event.id.description,
                recordedAt: event.recordedAt,
                stream: event.stream.hex,
                before: before,
                isDeceased: isDeceased,
                toldOfDeath: toldOfDeath
            )
        }
        let alone = happening(isDeceased: false, toldOfDeath: before.heardOfDeath)
        pathways.keep(alone.after, of: event.stream, with: event)
        let person = try person(of: alone.after, in: event.stream, before: event.position)
        guard person.isDeceased || !person.toldOfDeath.isEmpty else { return (alone, person.others) }
        return (happening(isDeceased: person.isDeceased, toldOfDeath: before.heardOfDeath.union(person.toldOfDeath)), person.others)
    }

    /// What the person's numbers and other pathways say of a death.
    private func person(
        of pathway: Pathway,
        in stream: StreamID,
        before position: Int64
    ) throws -> (isDeceased: Bool, toldOfDeath: Set<String>, others: [String]) {
        guard let patient = pathway.reference?.patientStream else { return (false, [], []) }
        let links = PatientLinks { (hex) throws(any Error) in
            try StreamID(hex: hex).map { try patients.state(of: $0, before: position) } ?? Patient()
        }
        let numbers = try links.person(of: patient)
        let members = try numbers.compactMap { StreamID(hex: $0) }.map { try patients.state(of: $0, before: position) }
        var isDeceased = members.compactMap(\.death).max { $0.statement < $1.statement }?.isDeceased ?? false
        var toldOfDeath: Set<String> = []
        var others: [String] = []
        for other in Set(members.flatMap(\.visits).map(\.pathwayStream)).sorted() where other != stream.hex {
            guard let other = StreamID(hex: other) else { continue }
            let state = try pathways.state(of: other, before: position)
            // A dossier that was moved away is another person's.
            guard let owner = state.reference?.patientStream, numbers.contains(owner) else { continue }
            isDeceased = isDeceased || state.endedInDeath
            toldOfDeath.formUnion(state.heardOfDeath)
            others.append(other.hex)
        }
        return (isDeceased, toldOfDeath, others)
    }
}
