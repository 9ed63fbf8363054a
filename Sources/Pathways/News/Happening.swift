public import Timekeeping

/// One event of the log as the table of news looks at it: with where its pathway stood before and after. The same prefix of the log gives
/// the same happening for ever.
public struct Happening: Sendable {
    public let event: DomainEvent
    /// The event's id, as in its envelope.
    public let id: String
    public let recordedAt: Instant
    /// Hex of the stream that it is in.
    public let stream: String
    /// The pathway just before; nothing for an event of any other stream.
    public let before: Pathway
    /// The pathway with the event.
    public let after: Pathway
    /// Whether the patient is known to be dead by then, from whatever stream. That the visit ended in death is seen here.
    public let isDeceased: Bool
    /// RPPS of those who have a news of the death already, of this pathway or of another one of the person, and none since that takes it back.
    public let toldOfDeath: Set<String>

    /// - Parameter before: the pathway folded up to, and without, the event.
    public init(
        _ event: DomainEvent,
        id: String,
        recordedAt: Instant,
        stream: String,
        before: Pathway = Pathway(),
        isDeceased: Bool = false,
        toldOfDeath: Set<String> = []
    ) {
        self.event = event
        name = NewsTable.shortName(of: event.type)
        self.id = id
        self.recordedAt = recordedAt
        self.stream = stream
        self.before = before
        self.isDeceased = isDeceased
        self.toldOfDeath = toldOfDeath
        var after = before
        if case .pathway(let body) = event { after.evolve(with: body) }
        self.after = after
    }

    /// Short name of its type: `offers-made`.
    let name: String

    /// Whether nothing but the death itself is told any more.
    var isOfTheDead: Bool { isDeceased || after.endedInDeath }

    var occurredAt: Instant {
        switch event {
        case .pathway(let body): body.occurredAt ?? recordedAt
        case .messageUndeliverable(let body): body.at
        default: recordedAt
        }
    }

    /// RPPS of who made it happen: they are not told what they did themselves.
    var actor: String? {
        guard case .pathway(let event) = event else { return nil }
        return switch event {
        case .dischargePlanned(let body): body.by?.rpps
        case .homeReturnConfirmed(let body): body.by.rpps
        case .protocolApplied(let body): body.by.rpps
        case .followUpAccepted(let body): body.by.rpps
        case .followUpDeclined(let body): body.by.rpps
        case .followUpCompleted(let body): body.by.rpps
        case .followUpNoted(let body): body.by.rpps
        case .withdrawalAcknowledged(let body): body.by.rpps
        case .alertSignReported(let body): body.by.rpps
        case .prescriptionMissing(let body): body.by.rpps
        case .prescriptionObtained(let body): body.by.rpps
        case .pradoEnrolled(let body): body.by.rpps
        case .pradoLeft(let body): body.by.rpps
        case .careRefused(let body): body.by.rpps
        case .refusalTakenBack(let body): body.by.rpps
        case .solicitationRestarted(let body): body.by.rpps
        default: nil
        }
    }
}

extension DomainEvent {
    /// The type of its body.
    var type: String {
        switch self {
        case .pathway(let event): Swift.type(of: event.body).type
        case .messageUndeliverable: MessageUndeliverable.type
        case .streamErased: StreamErased.type
        // Nothing of what else there is ever becomes news.
        default: ""
        }
    }
}
