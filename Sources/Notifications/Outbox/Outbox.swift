public import Pathways
public import Timekeeping

/// News and messages on their way. It prevents repeats and loses nothing between an event and its hand-over; what was told is in the log
/// (`Recipient`). It names people by RPPS, patients not at all.
///
/// Each call is one transaction, durable when it returns as far as a crash of the process goes; a power failure may take the last ones, whose
/// messages go out again under the same ids.
public protocol Outbox: Sendable {
    // MARK: - From the log

    /// Takes in what an event makes of news: ends those of earlier positions, adds its own, and has the recipients looked at. Nothing
    /// changes when the same event comes again.
    ///
    /// What ends while certainly no channel has its message leaves that message: it is cancelled, and what is left of it waits for another
    /// one.
    func take(_ intake: NewsIntake) throws

    // MARK: - One recipient after another

    /// Who is to be looked at, those whose look is due longest first.
    ///
    /// - Parameter isMeant: whether somebody (RPPS) is to be counted among them.
    func due(at instant: Instant, limit: Int, where isMeant: (String) -> Bool) throws -> [String]

    /// When somebody who is meant is to be looked at next; nil if nobody is.
    func nextLook(where isMeant: (String) -> Bool) throws -> Instant?

    /// What is open for one person.
    ///
    /// - Parameter isWhole: false for what the next step is decided by: without the news of a lane in which a message is open, since nothing is
    ///   formed of them before it is through, without what only those would be held against, and of what is to be reminded of, what is due: none where
    ///   urgent news come first.
    func box(of recipient: String, at instant: Instant, isWhole: Bool) throws -> RecipientBox

    /// When to look at somebody again, nil for not before something new; only if nothing came in since `revision` (else they stay due).
    func setLook(_ at: Instant?, for recipient: String, asOf revision: Int64) throws

    /// Has somebody looked at now: their preferences changed, or a channel of theirs is back.
    func look(at recipient: String, now: Instant) throws

    /// Has all those looked at now whose look is later than that: the clock was set back, or may have been, and what they wait for is reckoned
    /// by the one before.
    func lookAtAll(from now: Instant) throws

    // MARK: - Messages

    /// Keeps a message, and that its news are in it (or, of a reminder, are reminded of). Nothing if it is kept already.
    func form(_ message: OutboxMessage) throws

    /// Keeps how far it got. Handed over: its news are told at that instant. If certainly no channel has it, what has ended leaves it. Of one
    /// that was cancelled meanwhile nothing is kept but that it was handed over.
    ///
    /// - Returns: how far it got by what is kept now; nil of a message that is not.
    @discardableResult
    func save(_ delivery: Delivery, of message: String) throws -> Delivery?

    /// News that are not told after all.
    func end(_ keys: [NewsKey], as fate: NewsFate) throws

    /// Takes apart the messages of those who are meant that nobody can have, the parked ones too: their news wait again. For a node that others
    /// tell them instead of.
    func disband(where isMeant: (String) -> Bool) throws

    func message(_ id: String) throws -> OutboxMessage?

    /// What is kept of these, in no order.
    func news(_ keys: [NewsKey]) throws -> [OutboxNews]

    /// Those of one person in the order in which they were formed.
    ///
    /// - Parameter cursor: number of the last one seen; 0 for all.
    func messages(for recipient: String, after cursor: Int64, limit: Int) throws -> [(number: Int64, message: OutboxMessage)]

    // MARK: - Operators

    /// By since when.
    func parked() throws -> [OutboxMessage]

    /// Has a parked message tried again from its first channel on. False if there is none of this id that is parked.
    func retry(_ message: String, at instant: Instant) throws -> Bool

    // MARK: - Reconciling

    /// Those of the keys that the outbox has never heard of.
    func missing(_ keys: [NewsKey]) throws -> [NewsKey]

    /// What is on its way to those (RPPS) whom the caller means; what is parked, whoever it is for.
    func counts(at instant: Instant, of isMeant: (String) -> Bool) throws -> OutboxCounts

    /// Forgets what was settled before an instant.
    func prune(before instant: Instant) throws
}

extension Outbox {
    /// Who of everybody is to be looked at.
    public func due(at instant: Instant, limit: Int, excluding: Set<String> = []) throws -> [String] {
        try due(at: instant, limit: limit) { !excluding.contains($0) }
    }

    /// When anybody is to be looked at next.
    public func nextLook() throws -> Instant? { try nextLook { _ in true } }

    /// All that is open for one person.
    public func box(of recipient: String, at instant: Instant) throws -> RecipientBox { try box(of: recipient, at: instant, isWhole: true) }
}

/// All that is open for one person.
public struct RecipientBox: Hashable, Sendable {
    /// News of one urgency that are looked at together; the others come once these are in a message.
    public static let waitingLimit = 64

    public let recipient: String
    /// Grows with everything that is taken in for them.
    public let revision: Int64
    /// In no message yet, by position and key; of each urgency the first ``waitingLimit``.
    public let waiting: [OutboxNews]
    /// Neither settled, cancelled nor parked, in the order in which they were formed.
    public let messages: [OutboxMessage]
    /// Told, and an answer is awaited, by position and key; fewer than two reminders yet. Where only the next step is asked for, those whose
    /// reminder may be due.
    public let unanswered: [OutboxNews]
    /// When the first of those may be due that are left out of ``unanswered``; nil if none is.
    public let remindersAfter: Instant?
    /// When the routine messages of the last 24 hours were handed over, the oldest first.
    public let recentRoutine: [Instant]
    /// Of the news in ``messages``, those that ended since.
    public let ended: [NewsKey: NewsFate]
    /// News that were not told after all, though a channel may have told them.
    public let doubtful: [News]

    public init(
        recipient: String,
        revision: Int64,
        waiting: [OutboxNews],
        messages: [OutboxMessage],
        unanswered: [OutboxNews],
        remindersAfter: Instant? = nil,
        recentRoutine: [Instant],
        ended: [NewsKey: NewsFate] = [:],
        doubtful: [News] = []
    ) {
        self.recipient = recipient
        self.revision = revision
        self.waiting = waiting
        self.messages = messages
        self.unanswered = unanswered
        self.remindersAfter = remindersAfter
        self.recentRoutine = recentRoutine
        self.ended = ended
        self.doubtful = doubtful
    }
}

extension Outbox {
    /// What is on its way to anybody.
    public func counts(at instant: Instant) throws -> OutboxCounts { try counts(at: instant) { _ in true } }
}

/// What is on its way, for metrics and for the reconciler.
public struct OutboxCounts: Hashable, Sendable {
    /// A look that is further away is as good as none.
    static let daysToLook: Int64 = 8

    /// News in no message yet.
    public var waiting: Int64
    /// Messages to be attempted.
    public var pending: Int64
    /// Messages whose fact is not in the log yet.
    public var unrecorded: Int64
    public var parked: Int64
    /// News that wait or are to be reminded of, and messages, of people at whom nobody is going to look within eight days: must be 0.
    public var stranded: Int64
    /// The instant since which the oldest pending message is being attempted, or the oldest waiting news was recorded.
    public var oldest: Instant?

    public init(waiting: Int64 = 0, pending: Int64 = 0, unrecorded: Int64 = 0, parked: Int64 = 0, stranded: Int64 = 0, oldest: Instant? = nil) {
        self.waiting = waiting
        self.pending = pending
        self.unrecorded = unrecorded
        self.parked = parked
        self.stranded = stranded
        self.oldest = oldest
    }
}
