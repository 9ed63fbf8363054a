public import Coordination
public import Notifications
public import Pathways
public import Timekeeping

/// What telling people needs, handed in. What is read is from the outbox and the ledger; what is recorded goes to the ledger's desk.
public struct NotificationServices: Sendable {
    /// One person's messages in the order in which they were formed, beginning after a number: `Outbox.messages`.
    public var messages: @Sendable (_ rpps: String, _ after: Int64, _ limit: Int) throws -> [(number: Int64, message: OutboxMessage)]
    /// Names the outbox that the numbers are of: one that was made anew counts anew, and has another name. Characters of base 64 for URLs.
    public var outbox: String
    /// What receivers recognise a news by: the same as on every other channel.
    public var key: @Sendable (NewsKey) -> String
    /// How somebody wants to be told, and what they were told.
    public var recipient: @Sendable (_ rpps: String) throws -> Recipient
    /// Sets how somebody is told, in place of all that was set before.
    public var setChannels: @Sendable (ChannelWishes, _ rpps: String, Caller, RequestKey) async throws -> Coordinator.Outcome
    /// Where it is noted that messages were seen. It is a service, to be run beside the server.
    public var openings: OpeningQueue
    /// Messages that wait for somebody to look, the oldest first.
    public var parked: @Sendable () throws -> [StoppedMessage]
    /// Messages that nobody tries any more since an instant, the oldest first.
    public var undeliverable: @Sendable (_ since: Instant) throws -> [StoppedMessage]
    /// Tries a stopped message again from its first channel on; false if there is none of this id.
    public var retry: @Sendable (_ message: String) async throws -> Bool
    /// What was told of a pathway to whom, in any order.
    ///
    /// - Parameter pathway: hex of its stream.
    public var ledger: @Sendable (_ pathway: String) throws -> [LedgerRow]
    /// The kinds of channel that this installation has, in the order in which they are offered.
    public var channels: [ChannelKind]
    /// What a template is called, in French.
    public var title: @Sendable (_ template: String) -> String
    /// The templates that one may do without, in the order in which they are offered.
    public var mutableTemplates: [String]
    public var pace: NewsFeedPace

    public init(
        messages: @escaping @Sendable (_ rpps: String, _ after: Int64, _ limit: Int) throws -> [(number: Int64, message: OutboxMessage)],
        outbox: String,
        key: @escaping @Sendable (NewsKey) -> String,
        recipient: @escaping @Sendable (_ rpps: String) throws -> Recipient,
        setChannels: @escaping @Sendable (ChannelWishes, _ rpps: String, Caller, RequestKey) async throws -> Coordinator.Outcome,
        openings: OpeningQueue,
        parked: @escaping @Sendable () throws -> [StoppedMessage],
        undeliverable: @escaping @Sendable (_ since: Instant) throws -> [StoppedMessage],
        retry: @escaping @Sendable (_ message: String) async throws -> Bool,
        ledger: @escaping @Sendable (_ pathway: String) throws -> [LedgerRow],
        channels: [ChannelKind],
        title: @escaping @Sendable (_ template: String) -> String,
        mutableTemplates: [String],
        pace: NewsFeedPace = NewsFeedPace()
    ) {
        self.messages = messages
        self.outbox = outbox
        self.key = key
        self.recipient = recipient
        self.setChannels = setChannels
        self.openings = openings
        self.parked = parked
        self.undeliverable = undeliverable
        self.retry = retry
        self.ledger = ledger
        self.channels = channels
        self.title = title
        self.mutableTemplates = mutableTemplates
        self.pace = pace
    }
}
