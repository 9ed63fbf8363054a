import EventStore
import Pathways

/// Who a pathway's patient is, folded from the log: their own stream, and those of every other number that is the same person.
struct PersonStory {
    /// The surviving number first.
    private let numbers: [(stream: String, patient: Patient)]
    private let identifiers: [String: LocalIdentifier]

    /// - Parameter read: the events of one patient's stream, as far as the story is told.
    init(of patient: StreamID, _ read: (StreamID) throws -> [DomainEvent]) throws {
        var patients: [String: Patient] = [:]
        var pending = [patient.hex]
        while let next = pending.popLast() {
            guard patients[next] == nil, let stream = StreamID(hex: next) else { continue }
            var found = Patient(stream: next)
            for event in try read(stream) { found.evolve(with: event) }
            pending += found.linkChanges.flatMap { [$0.retired.stream, $0.survivor.stream] }
            patients[next] = found
        }
        let links = PatientLinks<Never> { patients[$0] ?? Patient(stream: $0) }
        numbers = links.person(of: patient.hex).map { ($0, patients[$0] ?? Patient(stream: $0)) }
        let named = patients.values.flatMap(\.linkChanges).flatMap { [$0.retired, $0.survivor] }
        identifiers = Dictionary(named.map { ($0.stream, $0.identifier) }) { first, _ in first }
    }

    /// Who they are: what is known under the number that lives on, else under another.
    var patient: Patient { numbers.lazy.map(\.patient).first { $0.identity != nil } ?? Patient() }

    /// The number that lives on, where it is not `stream`.
    func survivor(of stream: String) -> LocalIdentifier? {
        numbers.first.flatMap { $0.stream == stream ? nil : identifiers[$0.stream] }
    }

    /// What was said last of whether they died, under whichever number.
    var isDeceased: Bool { numbers.compactMap(\.patient.death).max { $0.statement < $1.statement }?.isDeceased ?? false }

    /// The pathways of all of their visits, those included whose dossier was moved away since.
    var pathways: Set<StreamID> { Set(numbers.flatMap(\.patient.visits).compactMap { StreamID(hex: $0.pathwayStream) }) }

    func owns(_ pathway: Pathway) -> Bool { numbers.contains { $0.stream == pathway.reference?.patientStream } }
}
