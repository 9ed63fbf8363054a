import EventStore
import Pathways

/// The patients that follow-ups are about, a row per event: what is known is folded by `Pathways`, never here.
final class PatientTable {
    private let insert: ViewStatement
    private let events: ViewStatement
    private let delete: ViewStatement
    private var recent = RecentCache<StreamID, Patient>(capacity: 768)

    init(_ tables: ViewTables) throws {
        let patient = tables["todo_patient"]
        insert = try tables.statement(
            """
            INSERT INTO \(patient)(from_position, patient, masked, deceased, birth_name, used_name, given_name, birth_date, sex, phone,
                address, postal_code, city, type, payload)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """
        )
        events = try tables.statement("SELECT type, payload FROM \(patient) WHERE patient = ?1 ORDER BY from_position")
        delete = try tables.statement("DELETE FROM \(patient) WHERE patient = ?1")
    }

    func forget() {
        recent.removeAll()
    }

    func add(_ opened: OpenedEvent) throws {
        let stream = opened.stream
        var patient = try recent.take(stream) ?? fold(stream)
        patient.evolve(with: opened.event)
        let identity = patient.shownIdentity
        insert.bind(1, opened.position)
        try insert.bind(2, stream)
        insert.bind(3, patient.isOpposed ? 1 : 0)
        if let death = patient.death { insert.bind(4, death.isDeceased ? 1 : 0) } else { insert.bindNull(4) }
        insert.bind(5, identity?.birthFamilyName)
        // Empty where a message erased it.
        insert.bind(6, identity?.usedFamilyName.flatMap { $0.isEmpty ? nil : $0 })
        insert.bind(7, identity?.givenName)
        insert.bind(8, identity?.birthDate)
        insert.bind(9, identity?.sex)
        insert.bind(10, identity?.phone)
        insert.bind(11, identity?.address?.line)
        insert.bind(12, identity?.address?.postalCode)
        insert.bind(13, identity?.address?.city)
        insert.bind(14, opened.type)
        insert.bind(15, opened.payload)
        try insert.run()
        recent.put(patient, for: stream)
    }

    func erase(_ stream: StreamID) throws {
        _ = recent.take(stream)
        try delete.bind(1, stream)
        try delete.run()
    }

    private func fold(_ stream: StreamID) throws -> Patient {
        try events.bind(1, stream)
        var patient = Patient(stream: stream.hex)
        for event in try events.rows({ try DomainEvent(currentType: $0.string(0), payload: $0.bytes(1)) }) {
            guard let event else { throw ViewError.damaged(table: "todo_patient") }
            patient.evolve(with: event)
        }
        return patient
    }
}
