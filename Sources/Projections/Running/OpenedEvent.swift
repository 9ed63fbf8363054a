import EventStore
import Pathways

/// An event of the log, opened, brought to today's shape and decoded once for all projections. A class, so that handing it to each of them
/// copies nothing.
final class OpenedEvent: Sendable {
    let recorded: RecordedEvent
    /// Today's name of its type.
    let type: String
    /// The body in clear and of today's shape, for projections that keep it.
    let payload: [UInt8]
    let event: DomainEvent
    /// Which projections want it.
    let wanted: ProjectionMask

    init(recorded: RecordedEvent, type: String, payload: [UInt8], event: DomainEvent, wanted: ProjectionMask) {
        self.recorded = recorded
        self.type = type
        self.payload = payload
        self.event = event
        self.wanted = wanted
    }

    var position: Int64 { recorded.position }
    var stream: StreamID { recorded.stream }
}
