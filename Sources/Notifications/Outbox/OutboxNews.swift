public import Pathways
public import Timekeeping

/// A news in the outbox, with what became of it.
public struct OutboxNews: Hashable, Sendable {
    public let news: News
    /// Of its event in the log.
    public let position: Int64
    /// When its event was recorded.
    public let recordedAt: Instant
    /// The message that tells it; nil while it waits for one.
    public var message: String?
    /// When that message was handed over.
    public var toldAt: Instant?
    /// How many reminders of it were formed.
    public var reminders: Int
    /// Why it is not told, or not reminded of, any more.
    public var ended: NewsFate?

    public init(
        _ news: News,
        position: Int64,
        recordedAt: Instant,
        message: String? = nil,
        toldAt: Instant? = nil,
        reminders: Int = 0,
        ended: NewsFate? = nil
    ) {
        self.news = news
        self.position = position
        self.recordedAt = recordedAt
        self.message = message
        self.toldAt = toldAt
        self.reminders = reminders
        self.ended = ended
    }
}

/// Why a news is not told any more. The raw value is kept.
public enum NewsFate: String, Hashable, Sendable, CaseIterable {
    // As NewsEnding.Reason.
    case answered, lapsed, withdrawn, superseded, held, moved, deceased, erased
    /// It takes something back that the person never heard of.
    case notHeard = "not-heard"
    /// The person wants no message about it; it is in their list.
    case muted
    /// Its event was recorded long before the notifier saw it.
    case tooOld = "too-old"
    /// The ledger says that it was told: the outbox was lost since.
    case toldBefore = "told-before"

    public init(_ reason: NewsEnding.Reason) {
        self =
            switch reason {
            case .answered: .answered
            case .lapsed: .lapsed
            case .withdrawn: .withdrawn
            case .superseded: .superseded
            case .held: .held
            case .moved: .moved
            case .deceased: .deceased
            case .erased: .erased
            }
    }
}

/// What one event of the log makes of news, taken into the outbox in one piece.
public struct NewsIntake: Hashable, Sendable {
    /// Of the event.
    public let position: Int64
    public let recordedAt: Instant
    /// Applied first, to news of earlier positions.
    public let endings: [NewsEnding]
    /// Those that are not told carry the reason.
    public let news: [(news: News, fate: NewsFate?)]
    /// When its recipients are due: when it was recorded, but never later than now.
    public let dueAt: Instant

    /// - Parameter now: nil for when it was recorded.
    public init(
        position: Int64,
        recordedAt: Instant,
        endings: [NewsEnding],
        news: [(news: News, fate: NewsFate?)],
        now: Instant? = nil
    ) {
        dueAt = now.map { min($0, recordedAt) } ?? recordedAt
        self.position = position
        self.recordedAt = recordedAt
        self.endings = endings
        self.news = news
    }

    public static func == (one: NewsIntake, other: NewsIntake) -> Bool {
        one.position == other.position && one.recordedAt == other.recordedAt && one.endings == other.endings
            && one.news.elementsEqual(other.news) { $0.news == $1.news && $0.fate == $1.fate }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(position)
        hasher.combine(news.count)
    }
}
