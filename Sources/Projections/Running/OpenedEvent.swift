import EventStore
import Pathways

/// An event of the log, opened and decoded once for all projections.
struct OpenedEvent: Sendable {
    let recorded: RecordedEvent
    /// The body in clear, for projections that keep it.
    let payload: [UInt8]
    let event: DomainEvent

    var position: Int64 { recorded.position }
}
