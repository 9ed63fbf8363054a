import Pathways

/// What came from each sender, counted by outcome and by warning, and which orphans still wait.
enum FeedProjection: Projection {
    static let name = "feed"
    static let version: Int64 = 2

    static let interests: Set<String> = [
        MessageReceived.type, MovementHeld.type, MovementCancelled.type, StayPlanned.type, PatientAdmitted.type,
        EmergencyVisitRegistered.type, PatientTransferred.type, PatientDischarged.type,
    ]

    static let tables = ["feed_sender", "feed_count", "feed_message", "feed_orphan", "feed_held"]

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter { try FeedWriter(tables) }

    static func indexes(_ tables: ViewTables) -> [String] {
        let message = tables["feed_message"]
        return ["CREATE INDEX IF NOT EXISTS \(message)_of_subject ON \(message)(subject) WHERE subject IS NOT NULL"]
    }

    static func schema(_ tables: ViewTables) -> [String] {
        let message = tables["feed_message"]
        let orphan = tables["feed_orphan"]
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
                subject BLOB
            ) STRICT
            """,
            // The messages received as orphans, by the id of their event, which is what holds and what is held's cause.
            """
            CREATE TABLE \(orphan)(
                message BLOB PRIMARY KEY,
                position INTEGER NOT NULL,
                application TEXT NOT NULL,
                facility TEXT NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX \(orphan)_of_position ON \(orphan)(position)",
            """
            CREATE TABLE \(tables["feed_held"])(
                pathway BLOB NOT NULL,
                authority TEXT NOT NULL,
                movement TEXT NOT NULL,
                cancels INTEGER NOT NULL,
                message BLOB NOT NULL,
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                PRIMARY KEY (pathway, authority, movement, cancels, message)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX \(tables["feed_held"])_of_message ON \(tables["feed_held"])(message)",
        ]
    }
}
