/// One follow-up that a protocol asks for: who, what, when, told what, and on whose authority.
public struct ProtocolRule: Sendable, Hashable {
    /// Which one of a repeated rule's follow-ups this is.
    public struct Occurrence: Sendable, Hashable {
        /// From 1.
        public let number: Int
        /// How many there are in all.
        public let total: Int
    }

    /// Unique in its protocol; an occurrence adds `#` and its number.
    public let id: String
    public let role: CareRole
    /// In French, an infinitive first, at most 40 characters.
    public let title: String
    /// For a `.homeReturnMissing` rule, its opening is the limit by which a return home must have been confirmed.
    public let window: FollowUpWindow
    public let priority: Priority
    /// Minutes within which an offer waits for an answer.
    public let answerWithinMinutes: Int
    /// What whoever gets the follow-up must be told.
    public let minimumDataSet: [DataItem]
    /// The text that the rule rests on, in French, with its place in it.
    public let source: String
    /// The source's date: a year, a month or a day, ISO 8601.
    public let sourceDate: String
    /// What the sources leave uncertain, in French; `nil` when they do not.
    public let doubt: String?
    /// The rules of other protocols that this one replaces where both apply.
    public let supersedes: [RuleReference]
    public let trigger: RuleTrigger
    /// Whether reporting this follow-up as done confirms the return home.
    public let recordsHomeReturn: Bool
    /// Who is asked how many at a time, for how long.
    public let solicitation: SolicitationPolicy
    /// Who more is told, and when, if it is not done in time.
    public let escalation: [EscalationStep]
    /// It books an appointment: not wanted while the patient is enrolled in PRADO, which books it.
    public let books: Bool
    /// Whoever accepts it has done it.
    public let completesOnAcceptance: Bool
    /// The pace of a repeated rule; `nil` for a single follow-up and for an occurrence.
    public let recurrence: Recurrence?
    /// Set on what `occurrences` returns for a repeated rule.
    public let occurrence: Occurrence?

    /// The follow-ups to plan: the rule itself, or one numbered rule per occurrence, each window that many days later.
    public var occurrences: [ProtocolRule] {
        guard let recurrence else { return [self] }
        return (1...max(recurrence.count, 1)).compactMap { occurrence($0, of: recurrence) }
    }

    /// The id of the rule that an id of `occurrences` comes from.
    static func baseID(_ id: String) -> Substring {
        id.prefix { $0 != "#" }
    }

    private func occurrence(_ number: Int, of recurrence: Recurrence) -> ProtocolRule? {
        let days = (number - 1) * recurrence.everyDays
        guard let window = FollowUpWindow(from: window.from.adding(days: days), to: window.to.adding(days: days)) else { return nil }
        return ProtocolRule(
            id: "\(id)#\(number)",
            role: role,
            title: title,
            window: window,
            priority: priority,
            answerWithinMinutes: answerWithinMinutes,
            minimumDataSet: minimumDataSet,
            source: source,
            sourceDate: sourceDate,
            doubt: doubt,
            supersedes: supersedes,
            trigger: trigger,
            recordsHomeReturn: recordsHomeReturn,
            solicitation: solicitation,
            escalation: escalation,
            books: books,
            completesOnAcceptance: completesOnAcceptance,
            recurrence: nil,
            occurrence: Occurrence(number: number, total: recurrence.count)
        )
    }
}
