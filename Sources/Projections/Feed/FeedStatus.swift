public import Timekeeping

/// What came from the hospitals: the document of `relais feed status`.
public struct FeedStatus: Hashable, Sendable {
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
        /// Orphans that still wait, those of repaired messages included.
        public let orphansWaiting: Int64
        /// Those that have waited longer than the alarm allows (I6).
        public let orphansOverdue: Int64
        /// Since when the oldest of them waits; nil when none does.
        public let oldestOrphanAt: Instant?
        /// Put in quarantine, those decided since included.
        public let quarantined: Int64
        /// Still in quarantine: somebody has to decide.
        public let quarantineWaiting: Int64
        public let repaired: Int64
        public let discarded: Int64
        public let refused: Int64
        /// Messages by warning code.
        public let warnings: [String: Int64]
        /// When the last message that was recorded came.
        public let lastReceivedAt: Instant
    }

    /// Position of the log up to which messages are counted.
    public let position: Int64
    /// How long an orphan may wait.
    public let orphanAlarmMinutes: Int64
    /// By application, then facility.
    public let senders: [Sender]
    /// The orphans that have waited longest, at most ``FeedReader/orphanLimit``.
    public let orphans: [WaitingOrphan]

    public var orphansOverdue: Int64 { senders.reduce(0) { $0 + $1.orphansOverdue } }
}

extension FeedStatus: Encodable {
    private enum Key: String, CodingKey {
        case position, orphanAlarmMinutes, senders, orphans
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(position, forKey: .position)
        try container.encode(orphanAlarmMinutes, forKey: .orphanAlarmMinutes)
        try container.encode(senders, forKey: .senders)
        try container.encode(orphans, forKey: .orphans)
    }
}

extension FeedStatus.Sender: Encodable {
    private enum Key: String, CodingKey {
        case application, facility, accepted, ignored, duplicates, orphans, orphansWaiting, orphansOverdue, oldestOrphanAt
        case quarantined, quarantineWaiting, repaired, discarded, refused, warnings, lastReceivedAt
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
        try container.encode(orphansOverdue, forKey: .orphansOverdue)
        try container.encodeIfPresent(oldestOrphanAt?.rfc3339, forKey: .oldestOrphanAt)
        try container.encode(quarantined, forKey: .quarantined)
        try container.encode(quarantineWaiting, forKey: .quarantineWaiting)
        try container.encode(repaired, forKey: .repaired)
        try container.encode(discarded, forKey: .discarded)
        try container.encode(refused, forKey: .refused)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(lastReceivedAt.rfc3339, forKey: .lastReceivedAt)
    }
}
