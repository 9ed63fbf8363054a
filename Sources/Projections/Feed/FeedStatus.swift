public import Timekeeping

/// What came from the hospitals: the document of `relais feed status`.
public struct FeedStatus: Hashable, Sendable, Encodable {
    /// One sender of messages.
    public struct Sender: Hashable, Sendable {
        /// MSH-3.
        public let application: String
        /// MSH-4.
        public let facility: String
        public let accepted: Int64
        /// Of triggers that this version does not carry.
        public let ignored: Int64
        /// The same bytes again: answered as before, nothing recorded.
        public let duplicates: Int64
        /// Received before what they speak of was known, those applied since included.
        public let orphans: Int64
        /// Orphans that still wait.
        public let orphansWaiting: Int64
        public let quarantined: Int64
        public let refused: Int64
        /// Messages by warning code.
        public let warnings: [String: Int64]
        /// When the last message that was recorded came.
        public let lastReceivedAt: Instant
    }

    /// Position of the log up to which messages are counted.
    public let position: Int64
    /// By application, then facility.
    public let senders: [Sender]
}

extension FeedStatus.Sender: Encodable {
    private enum Key: String, CodingKey {
        case application, facility, accepted, ignored, duplicates, orphans, orphansWaiting, quarantined, refused, warnings, lastReceivedAt
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(application, forKey: .application)
        try container.encode(facility, forKey: .facility)
        try container.encode(accepted, forKey: .accepted)
        try container.encode(ignored, forKey: .ignored)
        try container.encode(duplicates, forKey: .duplicates)
        try container.encode(orphans, forKey: .orphans)
        try container.encode(orphansWaiting, forKey: .orphansWaiting)
        try container.encode(quarantined, forKey: .quarantined)
        try container.encode(refused, forKey: .refused)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(lastReceivedAt.rfc3339, forKey: .lastReceivedAt)
    }
}
