public import Pathways

/// One frame, as counters see it (`relais feed status`, `/metrics`): who sent it and what came of it, nothing of its content.
public struct IntakeObservation: Sendable, Hashable {
    public enum Event: Sendable, Hashable {
        case received(IntakeReceipt.Result)
        /// No answer was possible.
        case unreadable
    }

    public let event: Event
    /// MSH-3 and MSH-4 as sent; nil when they cannot be read.
    public let sender: HL7Sender?
    public let warnings: [IntakeWarning.Code]

    init(_ event: Event, sender: HL7Sender?, warnings: [IntakeWarning.Code]) {
        self.event = event
        self.sender = sender
        self.warnings = warnings
    }
}
