public import Timekeeping

/// One thing that a partner is told of an event, unsealed by policy.
public struct PartnerDocument: Sendable, Hashable {
    /// By which a repeat is recognised: the same whoever makes it, whenever.
    public var id: String
    /// What it is about, and the record's key, so that one pathway stays in order; nil if it is about none.
    public var subject: String?
    /// CloudEvents' type.
    public var type: String
    /// When it happened.
    public var time: Instant
    /// JSON.
    public var body: [UInt8]

    public init(id: String, subject: String?, type: String, time: Instant, body: [UInt8]) {
        self.id = id
        self.subject = subject
        self.type = type
        self.time = time
        self.body = body
    }
}
