/// How it is known that a message was opened.
public enum OpeningWay: String, Hashable, Sendable, CaseIterable {
    /// The link that the message held.
    case link
    /// The person's own list on screen.
    case page
    /// The feed that their software pulls.
    case feed
    /// The program that they read mail with says that it was shown (RFC 8098, « displayed »).
    case confirmation
}

/// Why a message that was handed over came back.
public enum BounceReason: String, Hashable, Sendable, CaseIterable {
    case unknownAddress
    case mailboxFull
    /// By the rules of whoever received it.
    case refused
    /// Their server gave up trying.
    case expired
    /// It arrived, and their software could not take it in (negative MDN, « KO Intégration système »).
    case notIntegrated
    case other
}

/// Why nothing more is tried with a message.
public enum UndeliverableReason: String, Hashable, Sendable, CaseIterable {
    /// The person has no channel, or none that this installation may use.
    case noChannel
    /// Every channel says that it never will.
    case refused
    /// Every channel was tried for as long as there is.
    case expired
}
