import Pathways

/// The to-do lists: who has which follow-up before them, from which position of the log to which.
///
/// Rows carry `[from_position, to_position)`, so that a list can be read as it stood. What an entry speaks of (the follow-up, the patient, the
/// visit) stands in side tables whose rows hold from their position until the next one of the same subject.
enum ToDoProjection: Projection {
    static let name = "todo"
    static let version: Int64 = 4

    static let interests: Set<String> = [
        PatientIdentified.type, IdentityCorrected.type, OppositionRecorded.type, OppositionLifted.type, StayPlanned.type, PatientAdmitted.type,
        EmergencyVisitRegistered.type, PatientTransferred.type, PatientDischarged.type, AdmissionAnnounced.type, ClassChanged.type,
        TransferAnnounced.type, AttendingChanged.type, LeaveStarted.type, LeaveEnded.type, DischargeAnnounced.type, MovementCorrected.type,
        PathwayReassigned.type, MovementHeld.type, MovementCancelled.type, HomeReturnConfirmed.type, FollowUpsPlanned.type, OffersMade.type,
        FollowUpAccepted.type, FollowUpDeclined.type, FollowUpCompleted.type, FollowUpsWithdrawn.type, WithdrawalAcknowledged.type,
        PathwayTakenOver.type, PathwayHandedOver.type, OffersLapsed.type, SolicitationRestarted.type, FollowUpEscalated.type, FollowUpsHeld.type,
        FollowUpsResumed.type, AlertSignReported.type, PrescriptionMissing.type, PathwayClosed.type, PathwayReopened.type,
    ]

    static let tables = [
        "todo_entry", "todo_follow_up", "todo_plan", "todo_solicitation", "todo_escalation", "todo_report", "todo_visit", "todo_patient",
    ]

    /// `to_position` of an entry that still stands.
    static let open = Int64.max

    /// The owner of what nobody has accepted: whoever is référent-parcours at the position read. Offers to a team are owned by
    /// `team:<id>` (`Addressee`): whoever belongs to it at the position read has them before them.
    static let referent = "referent"

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter { try ToDoWriter(tables) }

    static func indexes(_ tables: ViewTables) -> [String] {
        let (entry, visit) = (tables["todo_entry"], tables["todo_visit"])
        // The entries of a list as it stands now are the last ones of their owner.
        return [
            "CREATE INDEX IF NOT EXISTS \(entry)_of_owner ON \(entry)(owner, to_position, from_position)",
            "CREATE INDEX IF NOT EXISTS \(visit)_of_deceased ON \(visit)(patient, from_position) WHERE ended_in_death = 1",
        ]
    }

    static func schema(_ tables: ViewTables) -> [String] {
        let entry = tables["todo_entry"]
        let visit = tables["todo_visit"]
        let patient = tables["todo_patient"]
        return [
            // Clustered by follow-up, whose numbers grow: all that one event closes lies on one page, near the end. `answer_by` is the end of
            // an offer, or when what is on hold must be looked at.
            """
            CREATE TABLE \(entry)(
                follow_up INTEGER NOT NULL,
                from_position INTEGER NOT NULL,
                owner TEXT NOT NULL,
                kind TEXT NOT NULL,
                to_position INTEGER NOT NULL,
                since INTEGER,
                since_offset INTEGER,
                answer_by INTEGER,
                answer_by_offset INTEGER,
                wave INTEGER,
                team TEXT,
                withdrawal TEXT,
                named INTEGER NOT NULL,
                PRIMARY KEY (follow_up, from_position, owner, kind)
            ) STRICT, WITHOUT ROWID
            """,
            // The number is made of the position that planned it, so that it does not tell what was erased before.
            """
            CREATE TABLE \(tables["todo_follow_up"])(
                number INTEGER PRIMARY KEY,
                pathway INTEGER NOT NULL REFERENCES stream,
                id TEXT NOT NULL,
                protocol TEXT NOT NULL,
                rule TEXT NOT NULL,
                UNIQUE (pathway, id)
            ) STRICT
            """,
            // A row per planning: a discharge that is corrected moves the window. `anew`: it had ended, or never was; what was escalated
            // before counts no more.
            """
            CREATE TABLE \(tables["todo_plan"])(
                follow_up INTEGER NOT NULL,
                from_position INTEGER NOT NULL,
                protocol_version INTEGER NOT NULL,
                role TEXT NOT NULL,
                title TEXT NOT NULL,
                priority INTEGER NOT NULL,
                due_from INTEGER NOT NULL,
                due_from_offset INTEGER NOT NULL,
                due_by INTEGER NOT NULL,
                due_by_offset INTEGER NOT NULL,
                rule_trigger TEXT NOT NULL,
                escalation TEXT NOT NULL,
                report TEXT,
                anew INTEGER NOT NULL,
                PRIMARY KEY (follow_up, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE \(tables["todo_solicitation"])(
                follow_up INTEGER NOT NULL,
                from_position INTEGER NOT NULL,
                basis TEXT,
                reason TEXT,
                commune TEXT,
                PRIMARY KEY (follow_up, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE \(tables["todo_escalation"])(
                follow_up INTEGER NOT NULL,
                from_position INTEGER NOT NULL,
                at INTEGER NOT NULL,
                at_offset INTEGER NOT NULL,
                step INTEGER NOT NULL,
                reason TEXT NOT NULL,
                told TEXT NOT NULL,
                PRIMARY KEY (follow_up, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            // What professionals report, and follow-ups hang on. No note: it may be taken back, and the timeline tells it.
            """
            CREATE TABLE \(tables["todo_report"])(
                pathway INTEGER NOT NULL REFERENCES stream,
                report TEXT NOT NULL,
                from_position INTEGER NOT NULL,
                sign TEXT,
                at INTEGER NOT NULL,
                at_offset INTEGER NOT NULL,
                by TEXT NOT NULL,
                called TEXT NOT NULL,
                PRIMARY KEY (pathway, report, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            // A row per fact of a visit: the visit as it stood after it, and the fact itself, from which the next row is folded.
            """
            CREATE TABLE \(visit)(
                from_position INTEGER PRIMARY KEY,
                pathway INTEGER NOT NULL REFERENCES stream,
                patient INTEGER REFERENCES stream,
                authority TEXT,
                visit TEXT,
                unit TEXT,
                discharged_at INTEGER,
                discharged_at_offset INTEGER,
                status TEXT,
                destination TEXT,
                ended_in_death INTEGER NOT NULL,
                type TEXT NOT NULL,
                payload BLOB NOT NULL
            ) STRICT
            """,
            "CREATE INDEX \(visit)_of_pathway ON \(visit)(pathway, from_position)",
            // As above: the patient as known after each event, and the event. While the patient opposes, it is not said who they are;
            // `deceased` is NULL where nothing was said of it. That several numbers are one person is for who reads (`PersonLookup`).
            """
            CREATE TABLE \(patient)(
                from_position INTEGER PRIMARY KEY,
                patient INTEGER NOT NULL REFERENCES stream,
                masked INTEGER NOT NULL,
                deceased INTEGER,
                birth_name TEXT,
                used_name TEXT,
                given_name TEXT,
                birth_date TEXT,
                sex TEXT,
                phone TEXT,
                address TEXT,
                postal_code TEXT,
                city TEXT,
                type TEXT NOT NULL,
                payload BLOB NOT NULL
            ) STRICT
            """,
            "CREATE INDEX \(patient)_of_patient ON \(patient)(patient, from_position)",
        ]
    }
}
