import EventStore
import Pathways

/// Who the patients of a list are, as known at a position: for one reading, each looked up once.
final class PatientLookup {
    /// What is known of a patient, whichever of their numbers a visit was recorded under.
    struct Known {
        /// Nil while nothing is known of them, or while they oppose.
        let summary: PatientSummary?
        let isMasked: Bool
        let isDeceased: Bool
    }

    private struct Row {
        let summary: PatientSummary
        let isMasked: Bool
        /// Nil where nothing was said of it.
        let isDeceased: Bool?
    }

    private let connection: ViewConnection
    private let position: Int64
    private let links: PersonLookup
    private let linksOfToday: PersonLookup
    private var known: [StreamID: Known] = [:]

    init(_ connection: ViewConnection, asOf position: Int64) throws {
        self.connection = connection
        self.position = position
        links = try PersonLookup(connection, asOf: position)
        linksOfToday = try PersonLookup(connection, asOf: .max)
    }

    /// The identity is that of the surviving number, as far as something is known of it. Who opposes under one number opposes under all; who
    /// does so today is hidden in the past too.
    func patient(_ stream: StreamID) throws -> Known {
        if let known = known[stream] { return known }
        let person = try links.person(of: stream)
        let rows = try person.map { try row(of: $0, asOf: position) }
        let own = try rows.first?.map(\.summary) ?? row(of: stream, asOf: position)?.summary
        let today = try Set(person + linksOfToday.person(of: stream)).contains { try row(of: $0, asOf: .max)?.isMasked == true }
        let isMasked = today || rows.contains { $0?.isMasked == true }
        let found = Known(
            summary: isMasked ? nil : own,
            isMasked: isMasked,
            isDeceased: try isDeceased(person, stated: Set(rows.compactMap { $0?.isDeceased }))
        )
        known[stream] = found
        return found
    }

    /// What was said last, under whichever number; a visit that ended in death says so itself.
    private func isDeceased(_ person: [StreamID], stated: Set<Bool>) throws -> Bool {
        if stated == [true] { return true }
        if stated.contains(true) {
            let deaths = try person.compactMap { try fold($0).death }
            if deaths.max(by: { $0.statement < $1.statement })?.isDeceased == true { return true }
        }
        let look = try connection.statement(Self.endedInDeath)
        return try person.contains { number in
            try look.bind(1, number)
            look.bind(2, position)
            return try look.first { _ in true } == true
        }
    }

    private func fold(_ patient: StreamID) throws -> Patient {
        let look = try connection.statement(Self.events)
        try look.bind(1, patient)
        look.bind(2, position)
        var folded = Patient(stream: patient.hex)
        for event in try look.rows({ try DomainEvent(currentType: $0.string(0), payload: $0.bytes(1)) }) {
            guard let event else { throw ViewError.damaged(table: "todo_patient") }
            folded.evolve(with: event)
        }
        return folded
    }

    // MARK: - Queries

    /// What is known of one number. `?1` its stream, `?2` position.
    static let latest = """
        SELECT masked, deceased, birth_name, used_name, given_name, birth_date, sex, phone, address, postal_code, city FROM todo_patient
        WHERE patient = ?1 AND from_position <= ?2 ORDER BY from_position DESC LIMIT 1
        """

    static let events = "SELECT type, payload FROM todo_patient WHERE patient = ?1 AND from_position <= ?2 ORDER BY from_position"

    /// Whether a visit of one number ended in death, as far as is known. `?1` its stream, `?2` position.
    static let endedInDeath = """
        SELECT 1 FROM todo_visit AS v WHERE patient = ?1 AND from_position <= ?2 AND ended_in_death = 1
            AND from_position = (SELECT max(from_position) FROM todo_visit WHERE pathway = v.pathway AND from_position <= ?2) LIMIT 1
        """

    private func row(of patient: StreamID, asOf position: Int64) throws -> Row? {
        let look = try connection.statement(Self.latest)
        try look.bind(1, patient)
        look.bind(2, position)
        return try look.first { row in
            Row(
                summary: PatientSummary(
                    birthFamilyName: row.optionalString(2),
                    usedFamilyName: row.optionalString(3),
                    givenName: row.optionalString(4),
                    birthDate: row.optionalString(5),
                    sex: row.optionalString(6),
                    phone: row.optionalString(7),
                    address: row.optionalString(8),
                    postalCode: row.optionalString(9),
                    city: row.optionalString(10)
                ),
                isMasked: row.int64(0) != 0,
                isDeceased: row.isNull(1) ? nil : row.int64(1) != 0
            )
        }
    }
}
