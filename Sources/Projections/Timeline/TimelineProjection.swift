import Pathways

/// Which events tell of which pathway, and where a pathway is found: by visit number, by follow-up, by patient.
///
/// It holds positions only: what an event says is read from the log, the one truth, when a timeline is looked at.
enum TimelineProjection: Projection {
    static let name = "timeline"
    static let version: Int64 = 4
    static let interests = Set(
        PathwayEvent.types + [
            PatientIdentified.type, IdentityCorrected.type, OppositionRecorded.type, OppositionLifted.type, PatientsMerged.type, MergeUndone.type,
            MessageReceived.type, MessageRepaired.type, MessageDiscarded.type, ConsentRecorded.type, ConsentWithdrawn.type,
        ]
    )
    static let tables = ["timeline_event", "timeline_pathway", "timeline_owner", "timeline_quarantine", "timeline_follow_up"]

    static func writer(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws -> any ProjectionWriter { try TimelineWriter(tables) }

    static func schema(_ tables: ViewTables) -> [String] {
        [
            // `subject` is under whose key a message is sealed; NULL for what goes with its own stream.
            """
            CREATE TABLE \(tables["timeline_event"])(
                position INTEGER PRIMARY KEY,
                stream INTEGER NOT NULL REFERENCES stream,
                is_message INTEGER NOT NULL,
                subject INTEGER REFERENCES stream
            ) STRICT
            """,
            """
            CREATE TABLE \(tables["timeline_pathway"])(
                stream INTEGER PRIMARY KEY REFERENCES stream,
                from_position INTEGER NOT NULL,
                authority TEXT NOT NULL,
                visit TEXT NOT NULL
            ) STRICT
            """,
            // Whose a pathway is, from a position on: a dossier may be moved to another patient.
            """
            CREATE TABLE \(tables["timeline_owner"])(
                stream INTEGER NOT NULL REFERENCES stream,
                from_position INTEGER NOT NULL,
                patient INTEGER REFERENCES stream,
                PRIMARY KEY (stream, from_position)
            ) STRICT, WITHOUT ROWID
            """,
            // Messages put in quarantine: what somebody decides on them goes with the same subject, and into the story of the same pathway.
            """
            CREATE TABLE \(tables["timeline_quarantine"])(
                message BLOB PRIMARY KEY,
                pathway INTEGER REFERENCES stream,
                subject INTEGER REFERENCES stream
            ) STRICT, WITHOUT ROWID
            """,
            // A row per planning; the number is made of the position and the place in the event.
            """
            CREATE TABLE \(tables["timeline_follow_up"])(
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL,
                stream INTEGER NOT NULL REFERENCES stream,
                title TEXT NOT NULL
            ) STRICT
            """,
        ]
    }

    static func indexes(_ tables: ViewTables) -> [String] {
        let (event, pathway, owner) = (tables["timeline_event"], tables["timeline_pathway"], tables["timeline_owner"])
        let (quarantine, followUp) = (tables["timeline_quarantine"], tables["timeline_follow_up"])
        return [
            "CREATE INDEX IF NOT EXISTS \(event)_of_stream ON \(event)(stream, position)",
            "CREATE INDEX IF NOT EXISTS \(event)_of_subject ON \(event)(subject) WHERE subject IS NOT NULL",
            "CREATE INDEX IF NOT EXISTS \(pathway)_of_visit ON \(pathway)(visit, authority)",
            "CREATE INDEX IF NOT EXISTS \(owner)_of_patient ON \(owner)(patient, from_position)",
            "CREATE INDEX IF NOT EXISTS \(quarantine)_of_subject ON \(quarantine)(subject) WHERE subject IS NOT NULL",
            "CREATE INDEX IF NOT EXISTS \(followUp)_of_id ON \(followUp)(id)",
            "CREATE INDEX IF NOT EXISTS \(followUp)_of_stream ON \(followUp)(stream)",
        ]
    }
}
