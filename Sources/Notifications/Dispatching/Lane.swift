import Pathways

/// In each of them a person gets strictly one message after another; what is urgent never waits behind what is not.
public enum Lane: Hashable, Sendable, CaseIterable {
    case urgent
    /// Reminders too: they keep quiet times, and must not hold up what is urgent meanwhile.
    case routine

    /// That in which news are told for the first time.
    init(of urgency: News.Urgency) { self = urgency == .urgent ? .urgent : .routine }

    public init(of message: OutboxMessage) {
        self = message.reminder == 0 && message.urgency == .urgent ? .urgent : .routine
    }
}
