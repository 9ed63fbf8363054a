import Pathways

/// Which patients' streams an INS was stated for: keyed, so that the table tells no number. And which numbers are one person.
enum PatientsProjection: Projection {
    static let name = "patients"
    static let version: Int64 = 2
    static let interests: Set<String> = [PatientIdentified.type, IdentityCorrected.type, PatientsMerged.type, MergeUndone.type]
    static let tables = ["patient_ins", "patient_ins_withdrawn", "patient_link"]

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
        try PatientsWriter(tables, lookupKey: lookupKey)
    }

    static func indexes(_ tables: ViewTables) -> [String] {
        let (ins, link) = (tables["patient_ins"], tables["patient_link"])
        return [
            "CREATE INDEX IF NOT EXISTS \(ins)_of_key ON \(ins)(key, from_position)",
            "CREATE INDEX IF NOT EXISTS \(link)_of_patient ON \(link)(patient, from_position)",
        ]
    }

    /// The members of a `Statement`, as columns.
    static let statement = """
        recorded_at INTEGER NOT NULL,
        sent_at INTEGER NOT NULL,
        control_id TEXT NOT NULL,
        digest TEXT NOT NULL
        """

    static func schema(_ tables: ViewTables) -> [String] {
        [
            // A corrected patient has one row: what the correction says; an empty key if it says that there is no INS. The statement is the
            // latest one of this number, and says nothing of a correction.
            """
            CREATE TABLE \(tables["patient_ins"])(
                patient INTEGER NOT NULL REFERENCES stream,
                key BLOB NOT NULL,
                from_position INTEGER NOT NULL,
                is_corrected INTEGER NOT NULL,
                \(statement),
                PRIMARY KEY (patient, key)
            ) STRICT, WITHOUT ROWID
            """,
            // The latest statement that took every INS back which was stated before it (A47).
            """
            CREATE TABLE \(tables["patient_ins_withdrawn"])(
                patient INTEGER PRIMARY KEY REFERENCES stream,
                \(statement)
            ) STRICT
            """,
            // A row per merge and per un-merge, for each of the two numbers.
            """
            CREATE TABLE \(tables["patient_link"])(
                from_position INTEGER PRIMARY KEY,
                patient INTEGER NOT NULL REFERENCES stream,
                type TEXT NOT NULL,
                payload BLOB NOT NULL
            ) STRICT
            """,
        ]
    }
}
