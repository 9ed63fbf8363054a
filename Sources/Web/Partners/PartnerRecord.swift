/// What a partner sent by another way than HTTP, as it came: nothing of it is known to be so.
public struct PartnerRecord: Sendable, Hashable {
    /// Headers of Standard Webhooks, of which id and timestamp are signed with the value.
    public struct Signature: Sendable, Hashable {
        public var id: String
        /// Seconds since 1970.
        public var timestamp: Int64
        public var signatures: String

        public init(id: String, timestamp: Int64, signatures: String) {
            self.id = id
            self.timestamp = timestamp
            self.signatures = signatures
        }
    }

    /// Who says that they sent it.
    public var partner: String?
    /// The idempotency key.
    public var key: [UInt8]?
    public var contentType: String?
    public var signature: Signature?
    public var value: [UInt8]?
    /// Whether the answer may go where it is asked for.
    public var canBeAnswered: Bool
    /// Ties the answer to log lines; the same each time the record comes.
    public var place: String

    public init(
        partner: String?,
        key: [UInt8]?,
        contentType: String?,
        signature: Signature?,
        value: [UInt8]?,
        canBeAnswered: Bool = true,
        place: String
    ) {
        self.partner = partner
        self.key = key
        self.contentType = contentType
        self.signature = signature
        self.value = value
        self.canBeAnswered = canBeAnswered
        self.place = place
    }
}
