/// A follow-up that a rule asks for: the rule itself, or one occurrence of a repeated rule. Made once per protocol, for it is asked at each
/// look at a pathway.
struct PlannedRule: Sendable, Hashable {
    let reference: RuleReference
    let window: FollowUpWindow

    /// The follow-ups that a rule asks for, in order.
    static func all(of rule: ProtocolRule, in followUpProtocol: String) -> [PlannedRule] {
        rule.occurrences.map { occurrence in
            PlannedRule(reference: RuleReference(followUpProtocol: followUpProtocol, rule: occurrence.id), window: occurrence.window)
        }
    }
}
