internal import Crypto
public import Pathways
public import Timekeeping

/// One message to one person, kept before anything is attempted with it: every repeat carries the same id and tells the same.
public struct OutboxMessage: Hashable, Sendable {
    /// 32 hexadecimal digits, from the keys of its news: whoever forms it again gives it the same.
    public let id: String
    /// RPPS.
    public let recipient: String
    public let urgency: News.Urgency
    /// 0 for the first telling of its news, 1 and 2 for reminders.
    public let reminder: Int
    public let madeAt: Instant
    /// Its text is rendered from the log up to here, so that a repeat has the same bytes.
    public let position: Int64
    /// By position, then key.
    public let items: [News]
    public var delivery: Delivery

    public init(
        recipient: String,
        urgency: News.Urgency,
        reminder: Int,
        madeAt: Instant,
        position: Int64,
        items: [News],
        delivery: Delivery
    ) {
        id = Self.id(of: items.map(\.key), recipient: recipient, reminder: reminder)
        self.recipient = recipient
        self.urgency = urgency
        self.reminder = reminder
        self.madeAt = madeAt
        self.position = position
        self.items = items
        self.delivery = delivery
    }

    /// First 16 bytes of SHA-256 over recipient, reminder and sorted keys, each part ended by a zero byte.
    public static func id(of keys: [NewsKey], recipient: String, reminder: Int) -> String {
        var digest = SHA256()
        for part in [recipient, String(reminder)] + keys.sorted().flatMap({ [$0.event, $0.template, $0.followUp ?? ""] }) {
            digest.update(data: Array(part.utf8) + [0])
        }
        return digest.finalize().prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}

/// How far a message got.
public struct Delivery: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        /// To be attempted at an instant.
        case waiting(until: Instant)
        /// A channel took it; the fact is not in the log yet.
        case handedOver(by: ChannelKind, receipt: String?, at: Instant)
        /// No channel took it, or there is none; the fact is not in the log yet.
        case failed(UndeliverableReason, at: Instant)
        /// The fact is in the log: nothing more is to be done.
        case settled
        /// Nothing it tells is to be told any more. A channel may have it all the same: ``Delivery/mayBeOut``.
        case cancelled(NewsFate)
        /// It cannot be rendered or recorded: waits for somebody to look.
        case parked(problem: String, since: Instant)
    }

    public var state: State
    /// The channel that is being tried.
    public var channel: ChannelKind?
    /// Attempts on that channel.
    public var attempts: Int
    /// When the first of them was.
    public var since: Instant?
    /// Channels that are done with, in order.
    public var tried: [ChannelKind]
    /// Whether one of those was left because it failed for too long, rather than because it said never.
    public var isOverdue: Bool
    /// Whether a channel may have it: an attempt began, and nothing says for certain that it did not go out. It must stay as it is then,
    /// since a repeat must tell the same.
    public var mayBeOut: Bool

    /// - Parameter mayBeOut: nil: if anything was attempted.
    public init(
        _ state: State,
        channel: ChannelKind? = nil,
        attempts: Int = 0,
        since: Instant? = nil,
        tried: [ChannelKind] = [],
        isOverdue: Bool = false,
        mayBeOut: Bool? = nil
    ) {
        self.state = state
        self.channel = channel
        self.attempts = attempts
        self.since = since
        self.tried = tried
        self.isOverdue = isOverdue
        self.mayBeOut = mayBeOut ?? (attempts > 0 || !tried.isEmpty)
    }
}
