import Pathways

/// The ledger of notifications: who was told what of which pathway, what became of each message, and what the person did then.
///
/// Nothing is ever changed: rows are added, and go when their stream is erased. So the ledger is read as it stood at any position.
enum NotificationsProjection: Projection {
    static let name = "notifications"
    static let version: Int64 = 1
    static let interests: Set<String> = [
        MessageHandedOver.type, MessageDelivered.type, MessageOpened.type, MessageBounced.type, MessageUndeliverable.type,
        // What people do.
        FollowUpAccepted.type, FollowUpDeclined.type, FollowUpCompleted.type, FollowUpNoted.type, WithdrawalAcknowledged.type,
        AlertSignReported.type, PrescriptionMissing.type, PrescriptionObtained.type, PradoEnrolled.type, PradoLeft.type, CareRefused.type,
        RefusalTakenBack.type, HomeReturnConfirmed.type, DischargePlanned.type, ProtocolApplied.type, EntryRetracted.type,
        SolicitationRestarted.type, PathwayClosed.type, PathwayReopened.type,
        // What names the visit, so that the pathway is known.
        StayPlanned.type, PatientAdmitted.type, EmergencyVisitRegistered.type, PatientTransferred.type, PatientDischarged.type,
        AdmissionAnnounced.type, ClassChanged.type, TransferAnnounced.type, AttendingChanged.type, LeaveStarted.type, LeaveEnded.type,
        DischargeAnnounced.type, MovementCorrected.type, MovementCancelled.type, MovementHeld.type, PathwayTakenOver.type,
    ]
    static let tables = [
        "notifications_pathway", "notifications_message", "notifications_item", "notifications_fact", "notifications_act",
    ]

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter {
        try NotificationsWriter(tables)
    }

    static func indexes(_ tables: ViewTables) -> [String] {
        let (message, item, act) = (tables["notifications_message"], tables["notifications_item"], tables["notifications_act"])
        let fact = tables["notifications_fact"]
        return [
            "CREATE INDEX IF NOT EXISTS \(message)_of_person ON \(message)(rpps)",
            "CREATE INDEX IF NOT EXISTS \(item)_of_pathway ON \(item)(pathway, message) WHERE pathway IS NOT NULL",
            "CREATE INDEX IF NOT EXISTS \(fact)_given_up ON \(fact)(at, message) WHERE kind = 'undeliverable'",
            "CREATE INDEX IF NOT EXISTS \(act)_of_pathway ON \(act)(pathway, rpps)",
        ]
    }

    static func schema(_ tables: ViewTables) -> [String] {
        [
            // The pathways that something is known of: what was told of any other is of one that was erased, and stands nowhere.
            "CREATE TABLE \(tables["notifications_pathway"])(stream INTEGER PRIMARY KEY REFERENCES stream) STRICT",
            // The number is the position of the first fact. The row stays when all that it told was erased, so that a later fact, which
            // names everything once more, brings nothing of it back.
            """
            CREATE TABLE \(tables["notifications_message"])(
                number INTEGER PRIMARY KEY,
                recipient INTEGER NOT NULL REFERENCES stream,
                id TEXT NOT NULL,
                rpps TEXT NOT NULL,
                UNIQUE (recipient, id)
            ) STRICT
            """,
            """
            CREATE TABLE \(tables["notifications_item"])(
                message INTEGER NOT NULL,
                place INTEGER NOT NULL,
                pathway INTEGER REFERENCES stream,
                event TEXT NOT NULL,
                template TEXT NOT NULL,
                follow_up TEXT,
                PRIMARY KEY (message, place)
            ) STRICT, WITHOUT ROWID
            """,
            // `kind` is a `LedgerFact.Kind`. `word` is the way of an opening, the reason of what came back or was given up; `code` the
            // channel's own: its receipt, or what a report gives.
            """
            CREATE TABLE \(tables["notifications_fact"])(
                message INTEGER NOT NULL,
                position INTEGER NOT NULL,
                kind TEXT NOT NULL,
                channel TEXT,
                at INTEGER NOT NULL,
                at_offset INTEGER NOT NULL,
                urgency TEXT,
                reminder INTEGER,
                attempts INTEGER,
                word TEXT,
                code TEXT,
                tried TEXT,
                told TEXT,
                PRIMARY KEY (message, position)
            ) STRICT, WITHOUT ROWID
            """,
            // What people did in a pathway. `follow_ups` are ids with spaces between; NULL for what they did of the pathway as a whole.
            // `recorded_at` is in milliseconds, since what was done is often entered later than `at`.
            """
            CREATE TABLE \(tables["notifications_act"])(
                position INTEGER PRIMARY KEY,
                pathway INTEGER NOT NULL REFERENCES stream,
                rpps TEXT NOT NULL,
                kind TEXT NOT NULL,
                follow_ups TEXT,
                at INTEGER NOT NULL,
                at_offset INTEGER NOT NULL,
                recorded_at INTEGER NOT NULL
            ) STRICT
            """,
        ]
    }
}
