/// A few events in order, and the checkpoint to save with their effect.
public struct EventPage: Sendable {
    public var events: [RecordedEvent]
    /// To be saved in the same transaction as the effect of `events`.
    public var checkpoint: FollowerCheckpoint

    public init(events: [RecordedEvent], checkpoint: FollowerCheckpoint) {
        self.events = events
        self.checkpoint = checkpoint
    }
}
