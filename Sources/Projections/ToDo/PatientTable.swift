import EventStore
import Pathways

/// The patients that follow-ups are about, a row per statement: what is known is folded by `Pathways`, never here.
final class PatientTable {
    private let insert: ViewStatement
    private let statements: ViewStatement
    private var recent = RecentCache<StreamID, Patient>(capacity: 768)

    init(_ tables: ViewTables) throws {
        let patient = tables["todo_patient"]
        insert = try tables.statement(
            """
            INSERT INTO \(patient)(from_position, patient, birth_name, used_name, given_name, birth_date, sex, phone, address, postal_code,
                city, payload)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """
        )
        statements = try tables.statement("SELECT payload FROM \(patient) WHERE patient = ?1 ORDER BY from_position")
    }

    func forget() {
        recent.removeAll()
    }

    func add(_ event: PatientIdentified, _ opened: OpenedEvent) throws {
        let stream = opened.recorded.stream
        var patient = try recent.take(stream) ?? fold(stream)
        patient.evolve(with: event)
        let identity = patient.identity
        insert.bind(1, opened.position)
        insert.bind(2, stream.bytes)
        insert.bind(3, identity?.birthFamilyName)
        // Empty where a message erased it.
        insert.bind(4, identity?.usedFamilyName.flatMap { $0.isEmpty ? nil : $0 })
        insert.bind(5, identity?.givenName)
        insert.bind(6, identity?.birthDate)
        insert.bind(7, identity?.sex)
        insert.bind(8, identity?.phone)
        insert.bind(9, identity?.address?.line)
        insert.bind(10, identity?.address?.postalCode)
        insert.bind(11, identity?.address?.city)
        insert.bind(12, opened.payload)
        try insert.run()
        recent.put(patient, for: stream)
    }

    private func fold(_ stream: StreamID) throws -> Patient {
        statements.bind(1, stream.bytes)
        return Patient(folding: try statements.rows { try PatientIdentified(payload: $0.bytes(0)) })
    }
}
