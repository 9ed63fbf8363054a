/// What the planner must know to say whom to ask for a follow-up.
public struct AssignmentRequest: Hashable, Sendable {
    /// Its id, which fixes the order of those who cover the commune before it is known who stands where.
    public let followUp: String
    public let role: CareRole
    /// Where the visit stands: the declared professionals, the unit.
    public let stay: Stay
    /// RPPS of those who accepted a follow-up of this pathway for the role, the latest first.
    public let circle: [String]

    public init(followUp: String, role: CareRole, stay: Stay, circle: [String] = []) {
        self.followUp = followUp
        self.role = role
        self.stay = stay
        self.circle = circle
    }
}
