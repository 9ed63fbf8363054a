/// One line of the table: of this event, when this is so, these people are told that.
public struct NewsRow: Hashable, Sendable {
    /// Who is told.
    public enum Audience: String, Hashable, Sendable, CaseIterable {
        /// Those to whom the event makes an offer, or whose offer it changes; of a team, each member who is there.
        case asked
        /// Those whom the event itself names; the référent-parcours where it names nobody.
        case told
        /// Whom the patient declared for a role, and who accepted a follow-up in it.
        case circle
        /// Whoever accepted the follow-up; the référent-parcours while nobody has.
        case owner
        case referent
        /// The hospital doctor who answers for the unit; the référent-parcours where there is none.
        case dischargingUnit = "discharging-unit"
        /// Whoever had reported what the event answers.
        case reporter
        /// The care circle, and everybody who is being asked.
        case involved
    }

    /// How much it may wait.
    public enum UrgencyRule: String, Hashable, Sendable, CaseIterable {
        case urgent
        case routine
        /// Urgent if the follow-up is.
        case asFollowUp = "as-follow-up"
    }

    /// Short names of event types.
    public let events: Set<String>
    public let when: NewsCondition?
    public let to: Audience
    /// Of the circle; nil for all.
    public let roles: Set<CareRole>?
    public let template: String
    public let urgency: UrgencyRule
    /// Whether it asks for an answer.
    public let asks: Bool
    /// Whether it is told again while no answer comes.
    public let reminds: Bool
    /// Not for whom a follow-up speaks of it, that was planned for one of these triggers: an offer says more than a notice.
    public let unlessAskedFor: Set<RuleTrigger>
    /// Only for whom one of these was told of the same pathway, or follow-up: nobody hears that something they never heard of is taken back.
    public let onlyAfter: Set<String>
}

/// One line of what ends news that are not handed over yet.
public struct NewsEndingRow: Hashable, Sendable {
    /// For whom they end.
    public enum Audience: String, Hashable, Sendable, CaseIterable {
        /// Whoever made it happen.
        case actor
        /// Those whom the event names, teams with all of their members.
        case asked
        case everybody
    }

    /// Short names of event types.
    public let events: Set<String>
    public let when: NewsCondition?
    public let audience: Audience
    /// Nil for all of them.
    public let templates: Set<String>?
    public let reason: NewsEnding.Reason
}
