public import Foundation
public import Timekeeping

/// What the planner hands to the decision: everything that is not in the pathway's own stream.
public struct PlanningContext: Sendable {
    public let now: Instant
    /// The territory's time zone: J0 is a calendar day there.
    public let timeZone: TimeZone
    /// Version of the territory stream up to which the directory was read.
    public let directoryVersion: Int64
    /// Whether the patient is known to be dead, from whatever the hospital stated of them.
    public let patientIsDeceased: Bool
    /// RPPS of those who were told of the death in another pathway of the patient.
    public let toldOfDeath: Set<String>
    /// The id of a follow-up: an HMAC, which this room cannot compute.
    public let identify: @Sendable (RuleReference, MovementID) -> String
    /// Whom to ask for a role, for the follow-up of this id, at this unit, with these declared professionals.
    public let assign: @Sendable (_ followUp: String, CareRole, Stay) -> Assignment

    public init(
        now: Instant,
        timeZone: TimeZone,
        directoryVersion: Int64,
        patientIsDeceased: Bool = false,
        toldOfDeath: Set<String> = [],
        identify: @escaping @Sendable (RuleReference, MovementID) -> String,
        assign: @escaping @Sendable (_ followUp: String, CareRole, Stay) -> Assignment
    ) {
        self.now = now
        self.timeZone = timeZone
        self.directoryVersion = directoryVersion
        self.patientIsDeceased = patientIsDeceased
        self.toldOfDeath = toldOfDeath
        self.identify = identify
        self.assign = assign
    }
}
