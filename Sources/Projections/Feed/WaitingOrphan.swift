public import EventStore
public import Timekeeping

/// A message that waits for what it speaks of.
public struct WaitingOrphan: Hashable, Sendable {
    /// Id of its `message-received` event, or of the `message-repaired` event that read it again.
    public let id: EventID
    public let position: Int64
    /// MSH-3.
    public let application: String
    /// MSH-4.
    public let facility: String
    /// MSH-10.
    public let controlID: String
    /// MSH-9.1 and .2.
    public let trigger: String
    public let since: Instant
    /// Whether it has waited longer than the alarm allows, by the instant of the reading (I6).
    public let isOverdue: Bool
}

extension WaitingOrphan: Encodable {
    private enum Key: String, CodingKey {
        case id, position, application, facility, controlID, trigger, since, overdue
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id.description, forKey: .id)
        try container.encode(position, forKey: .position)
        try container.encode(application, forKey: .application)
        try container.encode(facility, forKey: .facility)
        try container.encode(controlID, forKey: .controlID)
        try container.encode(trigger, forKey: .trigger)
        try container.encode(since.rfc3339, forKey: .since)
        try container.encode(isOverdue, forKey: .overdue)
    }
}
