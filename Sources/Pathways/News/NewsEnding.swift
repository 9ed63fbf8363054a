/// News of earlier events that are not to be told any more, nor reminded of.
public struct NewsEnding: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// They answered, or saw it.
        case answered
        /// The time to answer has passed.
        case lapsed
        /// It is no more so.
        case withdrawn
        /// Somebody else answered, or later news say more.
        case superseded
        /// The patient is back in hospital.
        case held
        /// Another territory goes on with it.
        case moved
        case deceased
        /// What it would tell was erased.
        case erased
    }

    /// Hex of the pathway's stream.
    public let pathway: String
    /// Nil for all of the pathway.
    public let followUp: String?
    /// RPPS; nil for everybody.
    public let recipients: Set<String>?
    /// Nil for all.
    public let templates: Set<String>?
    public let reason: Reason

    public init(pathway: String, followUp: String? = nil, recipients: Set<String>? = nil, templates: Set<String>? = nil, reason: Reason) {
        self.pathway = pathway
        self.followUp = followUp
        self.recipients = recipients
        self.templates = templates
        self.reason = reason
    }

    /// Whether it ends a news of an earlier event.
    public func ends(_ news: News) -> Bool {
        news.pathway == pathway && (followUp == nil || news.followUp == followUp)
            && (recipients?.contains(news.key.recipient) ?? true) && (templates?.contains(news.key.template) ?? true)
    }
}
