import Pathways

/// Which events tell of which pathway, and where a pathway is found: by visit number, by follow-up, by patient.
///
/// It holds positions only: what an event says is read from the log, the one truth, when a timeline is looked at.
enum TimelineProjection: Projection {
    static let name = "timeline"
    static let version: Int64 = 1
    static let interests = Set(PathwayEvent.types + [PatientIdentified.type, MessageReceived.type])
    static let tables = ["timeline_event", "timeline_pathway", "timeline_follow_up"]

    static func writer(_ tables: ViewTables) throws -> any ProjectionWriter { try TimelineWriter(tables) }

    static func schema(_ tables: ViewTables) -> [String] {
        let event = tables["timeline_event"]
        let pathway = tables["timeline_pathway"]
        return [
            "CREATE TABLE \(event)(position INTEGER PRIMARY KEY, stream BLOB NOT NULL) STRICT",
            "CREATE INDEX \(event)_of_stream ON \(event)(stream, position)",
            """
            CREATE TABLE \(pathway)(
                from_position INTEGER PRIMARY KEY,
                stream BLOB NOT NULL UNIQUE,
                authority TEXT NOT NULL,
                visit TEXT NOT NULL,
                patient BLOB
            ) STRICT
            """,
            "CREATE INDEX \(pathway)_of_visit ON \(pathway)(visit, authority)",
            "CREATE INDEX \(pathway)_of_patient ON \(pathway)(patient)",
            """
            CREATE TABLE \(tables["timeline_follow_up"])(
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                stream BLOB NOT NULL,
                title TEXT NOT NULL
            ) STRICT
            """,
        ]
    }
}
