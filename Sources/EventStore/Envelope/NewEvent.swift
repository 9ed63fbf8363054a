public import Timekeeping

/// An event as its author hands it in: CloudEvents 1.0 attributes and a payload. The log adds position, version
/// and recorded time.
public struct NewEvent: Sendable, Hashable {
    /// Unique in the log; made by whoever decides.
    public var id: EventID
    /// Name and schema version, such as `fr.relais.pathway.patient-discharged.v1`.
    public var type: String
    /// Who says so, as a URN: `urn:finess:…`, `urn:rpps:…`, `urn:relais:planner`.
    public var source: String
    /// When it happened (I5: `occurredAt`); the author's UTC offset is kept.
    public var time: Instant
    /// By whom, when that is not the source.
    public var actor: String?
    /// The event that made this one necessary.
    public var causation: EventID?
    /// The conversation this event belongs to.
    public var correlation: EventID?
    /// The content, in clear; sealed before it is stored.
    public var payload: [UInt8]
    /// A blob kept beside the event as a sealed row of its own, such as the raw message it was made from. The
    /// event's leaf covers its hash. Read back with ``EventReader/attachment(of:)``.
    public var attachment: [UInt8]?
    /// Under whose data key it is sealed, when that is not its stream's: a message in a sender's stream speaks of a
    /// patient, and goes with them when they are erased.
    public var sealedFor: SealingRequest?
    /// Stored in clear, whatever the sealer: for what says nothing about anybody and must be readable without any key, as which keys were
    /// destroyed.
    public var isInClear: Bool

    public init(
        id: EventID,
        type: String,
        source: String,
        time: Instant,
        actor: String? = nil,
        causation: EventID? = nil,
        correlation: EventID? = nil,
        payload: [UInt8],
        attachment: [UInt8]? = nil,
        sealedFor: SealingRequest? = nil,
        isInClear: Bool = false
    ) {
        self.id = id
        self.type = type
        self.source = source
        self.time = time
        self.actor = actor
        self.causation = causation
        self.correlation = correlation
        self.payload = payload
        self.attachment = attachment
        self.sealedFor = sealedFor
        self.isInClear = isInClear
    }
}
