import Pathways

/// The to-do lists: who has which follow-up before them, from which position of the log to which.
///
/// Rows carry `[from_position, to_position)`, so that a list can be read as it stood. What an entry speaks of (the follow-up, the patient, the
/// visit) stands in side tables whose rows hold from their position until the next one of the same subject.
enum ToDoProjection: Projection {
    static let name = "todo"
    static let version: Int64 = 1

    static let interests: Set<String> = [
        PatientIdentified.type, StayPlanned.type, PatientAdmitted.type, EmergencyVisitRegistered.type, PatientTransferred.type,
        PatientDischarged.type, MovementCancelled.type, HomeReturnConfirmed.type, FollowUpsPlanned.type, OffersMade.type,
        FollowUpAccepted.type, FollowUpDeclined.type, FollowUpCompleted.type, FollowUpsWithdrawn.type, WithdrawalAcknowledged.type,
    ]

    static let tables = ["todo_entry", "todo_follow_up", "todo_solicitation", "todo_visit", "todo_patient"]

    /// `to_position` of an entry that still stands.
    static let open = Int64.max

    /// The owner of what nobody has accepted: whoever is référent-parcours at the position read.
    static let referent = "referent"

    static func writer(_ tables: ViewTables) throws -> any ProjectionWriter { try ToDoWriter(tables) }

    static func schema(_ tables: ViewTables) -> [String] {
        let entry = tables["todo_entry"]
        let visit = tables["todo_visit"]
        let patient = tables["todo_patient"]
        return [
            // Clustered by follow-up, whose numbers grow: all that one event closes lies on one page, near the end.
            """
            CREATE TABLE \(entry)(
                follow_up INTEGER NOT NULL,
                from_position INTEGER NOT NULL,
                owner TEXT NOT NULL,
                kind TEXT NOT NULL,
                to_position INTEGER NOT NULL,
                answer_by INTEGER,
                answer_by_offset INTEGER,
                withdrawal TEXT,
                named INTEGER NOT NULL,
                PRIMARY KEY (follow_up, from_position, owner, kind)
            ) STRICT, WITHOUT ROWID
            """,
            // The entries of a list as it stands now are the last ones of their owner.
            "CREATE INDEX \(entry)_of_owner ON \(entry)(owner, to_position, from_position)",
            """
            CREATE TABLE \(tables["todo_follow_up"])(
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                from_position INTEGER NOT NULL,
                pathway BLOB NOT NULL,
                protocol TEXT NOT NULL,
                rule TEXT NOT NULL,
                protocol_version INTEGER NOT NULL,
                role TEXT NOT NULL,
                title TEXT NOT NULL,
                priority INTEGER NOT NULL,
                due_from INTEGER NOT NULL,
                due_from_offset INTEGER NOT NULL,
                due_by INTEGER NOT NULL,
                due_by_offset INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE \(tables["todo_solicitation"])(
                follow_up INTEGER NOT NULL,
                from_position INTEGER NOT NULL,
                basis TEXT NOT NULL,
                reason TEXT,
                commune TEXT,
                PRIMARY KEY (follow_up, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            // A row per fact of a visit: the visit as it stood after it, and the fact itself, from which the next row is folded.
            """
            CREATE TABLE \(visit)(
                from_position INTEGER PRIMARY KEY,
                pathway BLOB NOT NULL,
                patient BLOB,
                authority TEXT,
                visit TEXT,
                unit TEXT,
                discharged_at INTEGER,
                discharged_at_offset INTEGER,
                status TEXT,
                destination TEXT,
                type TEXT NOT NULL,
                payload BLOB NOT NULL
            ) STRICT
            """,
            "CREATE INDEX \(visit)_of_pathway ON \(visit)(pathway, from_position)",
            // As above: the patient as known after each statement, and the statement.
            """
            CREATE TABLE \(patient)(
                from_position INTEGER PRIMARY KEY,
                patient BLOB NOT NULL,
                birth_name TEXT,
                used_name TEXT,
                given_name TEXT,
                birth_date TEXT,
                sex TEXT,
                phone TEXT,
                address TEXT,
                postal_code TEXT,
                city TEXT,
                payload BLOB NOT NULL
            ) STRICT
            """,
            "CREATE INDEX \(patient)_of_patient ON \(patient)(patient, from_position)",
        ]
    }
}
