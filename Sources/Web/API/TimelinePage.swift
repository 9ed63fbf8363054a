import Projections
import Timekeeping

/// A page of a pathway's timeline.
struct TimelinePage: Encodable {
    struct Entry: Encodable {
        let position: Int64
        let version: Int64
        let type: String
        let occurredAt: String
        let recordedAt: String
        let source: String
        let actor: String?
        let actorName: String?
        let sentence: String

        init(_ entry: Timeline.Entry) {
            position = entry.position
            version = entry.version
            type = entry.type
            occurredAt = entry.occurredAt.rfc3339
            recordedAt = entry.recordedAt.rfc3339
            source = entry.source
            actor = entry.actor
            actorName = entry.actorName
            sentence = entry.sentence
        }
    }

    let pathway: String
    let facility: String?
    let visit: String?
    /// The position that the whole list is read at.
    let position: Int64
    let entries: [Entry]
    /// The cursor of the page after; absent on the last.
    let next: String?
}
