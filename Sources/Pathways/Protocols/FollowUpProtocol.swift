/// A dated, sourced set of rules that turns what happens to a patient into follow-ups. Data, not code: a territory publishes its own.
public struct FollowUpProtocol: Sendable, Hashable {
    /// When a protocol applies.
    public enum Applicability: String, Sendable, Hashable, CaseIterable {
        /// By itself, to every discharge home, and to every stay before: where the patient will go is not known yet.
        case homeDischarge = "home-discharge"
        /// By itself, to every discharge against advice and every escape.
        case againstAdviceDischarge = "against-advice-discharge"
        /// By itself, to every discharge whose mode the hospital's codes do not tell.
        case unknownDischarge = "unknown-discharge"
        /// By itself, to every discharge to a home for the elderly, or another medico-social one.
        case ehpadDischarge = "ehpad-discharge"
        /// By itself, to every discharge to SMR.
        case smrDischarge = "smr-discharge"
        /// By itself, to every discharge to HAD.
        case hadDischarge = "had-discharge"
        /// When someone applies it, or a medical unit proposes it.
        case onProposal = "on-proposal"
    }

    /// A text that rules rest on.
    public struct Source: Sendable, Hashable {
        /// How well the text is known to whoever wrote the protocol.
        public enum Evidence: String, Sendable, Hashable, CaseIterable {
            /// Read in the text itself.
            case read
            /// Seen in an excerpt or in a secondary text.
            case excerpt
            /// Remembered, not verified.
            case recalled
        }

        /// Unique in the protocol; rules refer to it.
        public let id: String
        /// In French.
        public let title: String
        /// A year, a month or a day, ISO 8601.
        public let date: String
        /// Where to find it: a number, an address.
        public let reference: String?
        public let evidence: Evidence
    }

    /// A delay that the sources leave open: the value chosen, and why it is uncertain.
    public struct Parameter: Sendable, Hashable {
        /// Unique in the protocol; windows refer to it.
        public let id: String
        public let value: WindowEdge
        /// In French.
        public let doubt: String
    }

    /// ``closesAfterDays`` of a protocol that says nothing of it.
    public static let usualClosingDays = 30

    public let id: String
    /// Grows by one at each publication that changes something.
    public let version: Int
    /// In French.
    public let title: String
    /// In French, a sentence or two.
    public let summary: String
    /// The day this version was written, ISO 8601.
    public let date: String
    public let sources: [Source]
    public let appliesTo: Applicability
    public let parameters: [Parameter]
    /// Days after the last of its follow-ups has ended at which the pathway closes by itself.
    public let closesAfterDays: Int
    /// In the order of the file.
    public let rules: [ProtocolRule]
    /// What each of ``rules`` asks for.
    let planned: [[PlannedRule]]
    /// The rules of other protocols that those of this one replace.
    let supersedes: [RuleReference]

    init(
        id: String,
        version: Int,
        title: String,
        summary: String,
        date: String,
        sources: [Source],
        appliesTo: Applicability,
        parameters: [Parameter],
        closesAfterDays: Int,
        rules: [ProtocolRule]
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.summary = summary
        self.date = date
        self.sources = sources
        self.appliesTo = appliesTo
        self.parameters = parameters
        self.closesAfterDays = closesAfterDays
        self.rules = rules
        planned = rules.map { PlannedRule.all(of: $0, in: id) }
        supersedes = rules.flatMap(\.supersedes)
    }

    /// The rule of that id, or the occurrence (`nurse-weekly#2`) of a repeated rule.
    public func rule(_ id: String) -> ProtocolRule? {
        let base = ProtocolRule.baseID(id)
        guard let rule = rules.first(where: { $0.id == base }) else { return nil }
        return base.count == id.count ? rule : rule.occurrences.first { $0.id == id }
    }
}
