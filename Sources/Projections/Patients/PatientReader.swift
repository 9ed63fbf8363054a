public import EventStore
public import Pathways

/// Finds patients by their national identity.
public struct PatientReader: Sendable {
    private let views: Views
    private let lookupKey: INSLookupKey

    /// - Parameter lookupKey: the territory's keyed function, the same that the projections were given.
    public init(views: Views, lookupKey: @escaping INSLookupKey) {
        self.views = views
        self.lookupKey = lookupKey
    }

    /// The streams of the patients for whom this INS was stated as qualified, and not corrected since; oldest first. Several where the
    /// hospital has several numbers for one person.
    ///
    /// - Throws: `ViewError`.
    public func streams(ins: INS) throws -> [StreamID] {
        try views.read { connection in
            _ = try connection.position(of: PatientsProjection.name)
            let look = try connection.statement(Self.byKey)
            look.bind(1, lookupKey(ins))
            return try look.rows { row in
                guard let stream = StreamID(bytes: row.bytes(0)) else { throw ViewError.damaged(table: "patient_ins") }
                return stream
            }
        }
    }

    static let byKey = "SELECT patient FROM patient_ins WHERE key = ?1 ORDER BY from_position"
}
