import Pathways

/// What came from each sender, counted by outcome and by warning; which orphans still wait; and what is in quarantine.
enum FeedProjection: Projection {
    static let name = "feed"
    static let version: Int64 = 3

    static let interests: Set<String> = [
        MessageReceived.type, MessageRepaired.type, MessageDiscarded.type, MovementHeld.type, MovementCancelled.type, MovementCorrected.type,
        StayPlanned.type, PatientAdmitted.type, EmergencyVisitRegistered.type, PatientTransferred.type, PatientDischarged.type,
        AdmissionAnnounced.type, ClassChanged.type, TransferAnnounced.type, AttendingChanged.type, LeaveStarted.type, LeaveEnded.type,
        DischargeAnnounced.type, PatientsMerged.type, DossierMoved.type, VisitRegistered.type, PatientIdentified.type,
    ]

    static let tables = ["feed_sender", "feed_count", "feed_message", "feed_orphan", "feed_held", "feed_quarantine"]

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter { try FeedWriter(tables) }

    static func indexes(_ tables: ViewTables) -> [String] {
        let (message, quarantine) = (tables["feed_message"], tables["feed_quarantine"])
        return [
            "CREATE INDEX IF NOT EXISTS \(message)_of_subject ON \(message)(subject) WHERE subject IS NOT NULL",
            "CREATE INDEX IF NOT EXISTS \(quarantine)_of_status ON \(quarantine)(status, position)",
        ]
    }

    static func schema(_ tables: ViewTables) -> [String] {
        let message = tables["feed_message"]
        let orphan = tables["feed_orphan"]
        let held = tables["feed_held"]
        return [
            """
            CREATE TABLE \(tables["feed_sender"])(
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                last_received_at INTEGER NOT NULL,
                PRIMARY KEY (application, facility)
            ) STRICT, WITHOUT ROWID
            """,
            // `kind` is `outcome` or `warning`.
            """
            CREATE TABLE \(tables["feed_count"])(
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                kind TEXT NOT NULL,
                code TEXT NOT NULL,
                total INTEGER NOT NULL,
                PRIMARY KEY (application, facility, kind, code)
            ) STRICT, WITHOUT ROWID
            """,
            // A row per message, so that one which is erased can be taken out of the totals. `warnings` are codes with spaces between;
            // `subject` is under whose key the message is sealed.
            """
            CREATE TABLE \(message)(
                position INTEGER PRIMARY KEY,
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                outcome TEXT NOT NULL,
                warnings TEXT,
                received_at INTEGER NOT NULL,
                subject INTEGER REFERENCES stream
            ) STRICT
            """,
            // The messages received, or repaired, as orphans, by the id of their event, which is the cause of what is held.
            """
            CREATE TABLE \(orphan)(
                message BLOB PRIMARY KEY,
                position INTEGER NOT NULL,
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                control_id TEXT NOT NULL,
                trigger TEXT NOT NULL,
                received_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX \(orphan)_of_position ON \(orphan)(position)",
            // What waits in a pathway's or a patient's stream (`FeedParent`), and which message said it.
            """
            CREATE TABLE \(held)(
                stream INTEGER NOT NULL REFERENCES stream,
                parent TEXT NOT NULL,
                message BLOB NOT NULL,
                PRIMARY KEY (stream, parent, message)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX \(held)_of_parent ON \(held)(parent)",
            // `errors` are lines; `decision` is the id of the event that ended the quarantine, `outcome` what a repair made of the message.
            """
            CREATE TABLE \(tables["feed_quarantine"])(
                position INTEGER PRIMARY KEY,
                message BLOB NOT NULL UNIQUE,
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                control_id TEXT NOT NULL,
                trigger TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                errors TEXT NOT NULL,
                warnings TEXT NOT NULL,
                status TEXT NOT NULL,
                decision BLOB,
                decided_at INTEGER,
                decided_by TEXT,
                outcome TEXT,
                reason TEXT
            ) STRICT
            """,
        ]
    }
}
