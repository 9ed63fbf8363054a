import NotificationChannels

extension DeliveryOutcome {
    /// Reasons for which nothing was sent: nobody listens, or we could not even log in.
    private static let unsent: Set<String> = ["unreachable", "credentials", "tls-files"]
    /// Answers of somebody in between who gave up waiting, or of a server that did: whoever was to have it may have it.
    private static let doubtful: Set<String> = ["http-408", "http-502", "http-504"]

    /// Whether it is certain that the channel does not have the message: it was refused by an answer, or nothing was sent. What is not known to
    /// be certain is not: an answer that did not come, a connection that broke, an attempt that was broken off.
    var isCertainRefusal: Bool {
        switch self {
        case .handedOver: false
        case .never(let reason): !Self.doubtful.contains(reason)
        case .later(let reason, _): Self.unsent.contains(reason) || reason.hasPrefix("configuration-") || Self.isRefusal(reason)
        }
    }

    /// `http-503`, `smtp-451`, `smtp-550-5.1.1`: an answer that refuses.
    private static func isRefusal(_ reason: String) -> Bool {
        let words = reason.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "http" || words[0] == "smtp", words[1].count == 3, let status = Int(words[1]) else { return false }
        return (400...599).contains(status) && !doubtful.contains(reason)
    }
}
