public import EventStore
public import Timekeeping

/// The story of one pathway, as recorded up to a position of the log.
public struct Timeline: Hashable, Sendable {
    /// One event of the story.
    public struct Entry: Hashable, Sendable {
        public let position: Int64
        public let version: Int64
        public let type: String
        /// When it happened at the bedside.
        public let occurredAt: Instant
        /// When the log learned it.
        public let recordedAt: Instant
        public let source: String
        public let actor: String?
        /// The name of the actor, if the directory held them.
        public let actorName: String?
        public let id: EventID
        /// The event that made it necessary.
        public let causation: EventID?
        /// One line in French.
        public let sentence: String
    }

    public let pathway: StreamID
    /// The authority of the visit number (the facility) and the number; nil while only orphans are known.
    public let facility: String?
    public let visit: String?
    public let patient: StreamID?
    public let position: Int64
    /// Oldest position first: events of the pathway, statements of the patient's identity, messages that spoke of the visit.
    public let entries: [Entry]
    /// Whether who the patient is must not be shown, at their own request.
    public internal(set) var isIdentityMasked = false
}
