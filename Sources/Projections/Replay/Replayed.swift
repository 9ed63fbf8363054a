public import EventStore
public import Pathways
public import Timekeeping

/// A pathway told again: its events, and its state at the end.
public struct Replayed: Hashable, Sendable {
    /// The envelope of one event of the story.
    public struct Event: Hashable, Sendable {
        public let position: Int64
        public let version: Int64
        public let type: String
        public let occurredAt: Instant
        public let recordedAt: Instant
        public let source: String
        public let actor: String?
        /// Its key was destroyed: it is told, not what it said.
        public let isErased: Bool

        init(_ event: RecordedEvent, isErased: Bool) {
            position = event.position
            version = event.version
            type = event.type
            occurredAt = event.time
            recordedAt = event.recordedAt
            source = event.source
            actor = event.actor
            self.isErased = isErased
        }
    }

    public let stream: StreamID
    public let pathway: Pathway
    /// Who the patient is, under whichever of their numbers the visit was recorded.
    public let patient: Patient
    /// The number that the visit's was merged into; nil where it was not.
    public let mergedInto: LocalIdentifier?
    /// Nil while nothing but orphans is known of the visit.
    public let status: Pathway.Status?
    public let events: [Event]
    /// What lateness is computed from.
    public let now: Instant
    /// RPPS of the référent-parcours.
    public let referent: String?

    init(stream: StreamID, pathway: Pathway, person: PersonStory?, isDeceased: Bool, events: [Event], now: Instant, referent: String?) {
        self.stream = stream
        self.pathway = pathway
        self.events = events
        self.now = now
        self.referent = referent
        patient = person?.patient ?? Patient()
        mergedInto = pathway.reference.flatMap { person?.survivor(of: $0.patientStream) }
        status = pathway.status(isDeceased: isDeceased)
    }

    /// The one accountable owner of a follow-up (I7), as a URN: who accepted it, else the référent-parcours.
    public func owner(of followUp: FollowUp) -> String? {
        (followUp.acceptedBy ?? referent).map { "urn:rpps:\($0)" }
    }
}
