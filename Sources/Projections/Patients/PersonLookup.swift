import EventStore
import Pathways

/// Which patients' numbers are one person at a position of the log, from the views; the rules are those of `Pathways.PatientLinks`. For one
/// reading: it remembers what it looked up.
final class PersonLookup {
    private let connection: ViewConnection
    private let position: Int64
    /// Whether nobody was ever merged, as in most territories on most days.
    private let areNone: Bool
    private var persons: [StreamID: [StreamID]] = [:]

    /// - Throws: `ViewError.beingBuilt` if the projection is not shown.
    init(_ connection: ViewConnection, asOf position: Int64) throws {
        self.connection = connection
        self.position = position
        _ = try connection.position(of: PatientsProjection.name)
        areNone = try connection.statement(Self.any).first { _ in true } == nil
    }

    /// Every number of the person: the surviving one first, then the others by their streams.
    func person(of patient: StreamID) throws -> [StreamID] {
        if areNone { return [patient] }
        if let known = persons[patient] { return known }
        let links = PatientLinks<any Error> { stream in try self.patient(of: stream) }
        let person = try links.person(of: patient.hex).compactMap { StreamID(hex: $0) }
        for number in person { persons[number] = person }
        return person
    }

    /// A patient of whom nothing but the links is known.
    private func patient(of stream: String) throws -> Patient {
        let look = try connection.statement(Self.links)
        try look.bind(1, StreamID(hex: stream))
        look.bind(2, position)
        var patient = Patient(stream: stream)
        for event in try look.rows({ try DomainEvent(currentType: $0.string(0), payload: $0.bytes(1)) }) {
            guard let event else { throw ViewError.damaged(table: "patient_link") }
            patient.evolve(with: event)
        }
        return patient
    }

    // MARK: - Queries

    static let any = "SELECT 1 FROM patient_link LIMIT 1"
    static let links = "SELECT type, payload FROM patient_link WHERE patient = ?1 AND from_position <= ?2 ORDER BY from_position"
}
