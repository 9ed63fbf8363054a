public import EventStore
public import Pathways

/// Finds patients by their national identity, and every number of one person.
public struct PatientReader: Sendable {
    private let views: Views
    private let lookupKey: INSLookupKey

    /// - Parameter lookupKey: the territory's keyed function, the same that the projections were given.
    public init(views: Views, lookupKey: @escaping INSLookupKey) {
        self.views = views
        self.lookupKey = lookupKey
    }

    /// The streams of the patients for whom this INS was stated as qualified, and neither corrected nor taken back since, oldest first; and
    /// of every other number of the same persons. Several where the hospital has several numbers for one person.
    ///
    /// - Throws: `ViewError`.
    public func streams(ins: INS) throws -> [StreamID] {
        try views.read { connection in
            let position = try connection.position(of: PatientsProjection.name)
            let look = try connection.statement(Self.byKey)
            look.bind(1, lookupKey(ins).bytes)
            let found = try look.rows { row -> StreamID? in
                guard let stream = try row.stream(0) else { throw ViewError.damaged(table: "patient_ins") }
                let isCorrected = row.int64(1) != 0
                let isWithdrawn = !row.isNull(6) && row.statement(2) < row.statement(6)
                return isCorrected || !isWithdrawn ? stream : nil
            }
            let links = try PersonLookup(connection, asOf: position)
            let persons = try found.compactMap(\.self).map { try [$0] + links.person(of: $0) }
            // Those of whom it was stated first, then the other numbers.
            let first = persons.compactMap(\.first)
            return (first + persons.flatMap { $0.dropFirst() }).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }

    /// Every number of the person whom a patient's stream is about: the surviving one first. The stream alone, if nothing was merged.
    ///
    /// - Throws: `ViewError`.
    public func person(of patient: StreamID) throws -> [StreamID] {
        try views.read { connection in
            try PersonLookup(connection, asOf: try connection.position(of: PatientsProjection.name)).person(of: patient)
        }
    }

    static let byKey = """
        SELECT i.patient, i.is_corrected, i.recorded_at, i.sent_at, i.control_id, i.digest, w.recorded_at, w.sent_at, w.control_id, w.digest
        FROM patient_ins i LEFT JOIN patient_ins_withdrawn w ON w.patient = i.patient WHERE i.key = ?1 ORDER BY i.from_position
        """
}
