import Pathways

/// What came from each sender, counted by outcome and by warning, and which orphans still wait.
enum FeedProjection: Projection {
    static let name = "feed"
    static let version: Int64 = 1

    static let interests: Set<String> = [
        MessageReceived.type, MovementHeld.type, MovementCancelled.type, StayPlanned.type, PatientAdmitted.type,
        EmergencyVisitRegistered.type, PatientTransferred.type, PatientDischarged.type,
    ]

    static let tables = ["feed_sender", "feed_count", "feed_orphan", "feed_held"]

    static func writer(_ tables: ViewTables) throws -> any ProjectionWriter { try FeedWriter(tables) }

    static func schema(_ tables: ViewTables) -> [String] {
        [
            """
            CREATE TABLE \(tables["feed_sender"])(
                number INTEGER PRIMARY KEY,
                application TEXT NOT NULL,
                facility TEXT NOT NULL,
                last_received_at INTEGER NOT NULL,
                UNIQUE (application, facility)
            ) STRICT
            """,
            // `kind` is `outcome` or `warning`.
            """
            CREATE TABLE \(tables["feed_count"])(
                sender INTEGER NOT NULL,
                kind TEXT NOT NULL,
                code TEXT NOT NULL,
                total INTEGER NOT NULL,
                PRIMARY KEY (sender, kind, code)
            ) STRICT, WITHOUT ROWID
            """,
            // The messages received as orphans, by the id of their event, which is what holds and what is held's cause.
            "CREATE TABLE \(tables["feed_orphan"])(message BLOB PRIMARY KEY, sender INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            """
            CREATE TABLE \(tables["feed_held"])(
                pathway BLOB NOT NULL,
                authority TEXT NOT NULL,
                movement TEXT NOT NULL,
                cancels INTEGER NOT NULL,
                sender INTEGER NOT NULL,
                PRIMARY KEY (pathway, authority, movement, cancels)
            ) STRICT, WITHOUT ROWID
            """,
        ]
    }
}
