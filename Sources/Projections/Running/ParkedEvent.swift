public import EventStore

/// An event that a projection could not take in. The later events of its stream are parked behind it, so that no row is built on a gap;
/// other streams go on. Rebuilding the projection, with a release that can read the event, takes it in again.
public struct ParkedEvent: Hashable, Sendable {
    public let projection: String
    public let position: Int64
    public let stream: StreamID
    public let type: String
    /// What is wrong, without any value of the event; for those behind it, which position they wait for.
    public let problem: String
}
