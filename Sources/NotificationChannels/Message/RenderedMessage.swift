public import Timekeeping

/// One message ready for one channel: the same value, byte for byte, at each repeat.
public struct RenderedMessage: Sendable, Hashable {
    /// How soon it matters.
    public enum Urgency: String, Sendable, Hashable {
        case routine
        case urgent
    }

    /// A file that goes with a secure mail.
    public struct Attachment: Sendable, Hashable {
        public var name: String
        /// Such as `application/pdf`.
        public var mediaType: String
        public var bytes: [UInt8]

        public init(name: String, mediaType: String, bytes: [UInt8]) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// Letters, digits, `-`, `_` and `.`, at most 128: what a receiver deduplicates on.
    public var id: String
    /// The value of the Message-ID header with its angle brackets (RFC 5322 §3.6.4).
    public var messageID: String
    public var subject: String
    public var text: String
    public var html: String?
    public var attachment: Attachment?
    /// Where the recipient reads the rest.
    public var link: String?
    /// The keys of the news in it, one for each (event, recipient, template).
    public var keys: [String]
    /// Written as the message's date: a repeat keeps it.
    public var createdAt: Instant
    public var urgency: Urgency

    public init(
        id: String,
        messageID: String,
        subject: String,
        text: String,
        html: String? = nil,
        attachment: Attachment? = nil,
        link: String? = nil,
        keys: [String],
        createdAt: Instant,
        urgency: Urgency
    ) {
        self.id = id
        self.messageID = messageID
        self.subject = subject
        self.text = text
        self.html = html
        self.attachment = attachment
        self.link = link
        self.keys = keys
        self.createdAt = createdAt
        self.urgency = urgency
    }
}
