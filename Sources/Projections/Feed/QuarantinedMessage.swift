public import EventStore
public import Pathways
public import Timekeeping

/// A message that was put in quarantine, and what became of it. Holds nothing about a patient.
public struct QuarantinedMessage: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Somebody has to decide.
        case waiting
        case repaired
        case discarded
    }

    /// How the quarantine ended.
    public struct Decision: Hashable, Sendable {
        public let at: Instant
        /// A URN.
        public let by: String
        /// What a repaired message became.
        public let outcome: MessageOutcome?
        /// Why it was put aside.
        public let reason: DiscardReason?
    }

    /// Id of its `message-received` event.
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
    public let receivedAt: Instant
    /// As in `MessageReceived.errors`: a code of table 0357, where, and what is wrong.
    public let faults: [String]
    /// Codes.
    public let warnings: [String]
    public let status: Status
    /// Nil while it waits.
    public let decision: Decision?
}

extension QuarantinedMessage: Encodable {
    private enum Key: String, CodingKey {
        case id, position, application, facility, controlID, trigger, receivedAt, faults, warnings, status, decidedAt, decidedBy, outcome, reason
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id.description, forKey: .id)
        try container.encode(position, forKey: .position)
        try container.encode(application, forKey: .application)
        try container.encode(facility, forKey: .facility)
        try container.encode(controlID, forKey: .controlID)
        try container.encode(trigger, forKey: .trigger)
        try container.encode(receivedAt.rfc3339, forKey: .receivedAt)
        try container.encode(faults, forKey: .faults)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(status, forKey: .status)
        try container.encodeIfPresent(decision?.at.rfc3339, forKey: .decidedAt)
        try container.encodeIfPresent(decision?.by, forKey: .decidedBy)
        try container.encodeIfPresent(decision?.outcome?.rawValue, forKey: .outcome)
        try container.encodeIfPresent(decision?.reason?.rawValue, forKey: .reason)
    }
}
