import Pathways

/// Which patients' streams an INS was stated for: keyed, so that the table tells no number.
enum PatientsProjection: Projection {
    static let name = "patients"
    static let version: Int64 = 1
    static let interests: Set<String> = [PatientIdentified.type, IdentityCorrected.type]
    static let tables = ["patient_ins"]

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
        try PatientsWriter(tables, lookupKey: lookupKey)
    }

    static func indexes(_ tables: ViewTables) -> [String] {
        let ins = tables["patient_ins"]
        return ["CREATE INDEX IF NOT EXISTS \(ins)_of_key ON \(ins)(key, from_position)"]
    }

    static func schema(_ tables: ViewTables) -> [String] {
        [
            // A corrected patient has one row: what the correction says; an empty key if it says that there is no INS.
            """
            CREATE TABLE \(tables["patient_ins"])(
                patient BLOB NOT NULL,
                key BLOB NOT NULL,
                from_position INTEGER NOT NULL,
                is_corrected INTEGER NOT NULL,
                PRIMARY KEY (patient, key)
            ) STRICT, WITHOUT ROWID
            """
        ]
    }
}
