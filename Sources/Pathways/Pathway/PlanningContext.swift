public import Foundation
public import Timekeeping

/// What the planner hands to the decision: everything that is not in the pathway's own stream.
public struct PlanningContext: Sendable {
    public let now: Instant
    /// The territory's time zone: J0 is a calendar day there.
    public let timeZone: TimeZone
    /// Version of the territory stream up to which the directory was read.
    public let directoryVersion: Int64
    /// Position of the log up to which loads were counted; nil if none are.
    public let loadPosition: Int64?
    /// When people are not asked; nil where they are at any hour.
    public let quietHours: QuietHours?
    /// RPPS of the référent-parcours, who is told what nobody else owns; nil where nobody holds the post.
    public let referent: String?
    /// Whether the patient is known to be dead, from whatever the hospital stated of them.
    public let patientIsDeceased: Bool
    /// RPPS of those who were told of the death in another pathway of the patient.
    public let toldOfDeath: Set<String>
    /// Since when the patient is in hospital for another visit; nil if they are not.
    public let readmittedAt: Instant?
    /// Rules planned for a later discharge of the same person, in another pathway: they are not wanted here too.
    public let plannedElsewhere: Set<RuleReference>
    /// The id of a follow-up: an HMAC, which this room cannot compute.
    public let identify: @Sendable (RuleReference, MovementID) -> String
    /// Whom to ask, and why.
    public let assign: @Sendable (AssignmentRequest) -> Assignment
    /// Whether somebody can be asked now, who could be when the order was made.
    public let isAvailable: @Sendable (Addressee) -> Bool

    public init(
        now: Instant,
        timeZone: TimeZone,
        directoryVersion: Int64,
        loadPosition: Int64? = nil,
        quietHours: QuietHours? = nil,
        referent: String? = nil,
        patientIsDeceased: Bool = false,
        toldOfDeath: Set<String> = [],
        readmittedAt: Instant? = nil,
        plannedElsewhere: Set<RuleReference> = [],
        identify: @escaping @Sendable (RuleReference, MovementID) -> String,
        assign: @escaping @Sendable (AssignmentRequest) -> Assignment,
        isAvailable: @escaping @Sendable (Addressee) -> Bool = { _ in true }
    ) {
        self.now = now
        self.timeZone = timeZone
        self.directoryVersion = directoryVersion
        self.loadPosition = loadPosition
        self.quietHours = quietHours
        self.referent = referent
        self.patientIsDeceased = patientIsDeceased
        self.toldOfDeath = toldOfDeath
        self.readmittedAt = readmittedAt
        self.plannedElsewhere = plannedElsewhere
        self.identify = identify
        self.assign = assign
        self.isAvailable = isAvailable
    }
}
