public import Logging

/// Text messages through an HTTP gateway: one POST of a JSON object whose member names are those of the gateway.
public struct SMSGatewayChannel: NotificationChannel {
    /// How the gateway names what we send.
    public struct Fields: Sendable, Hashable {
        /// The member with the number.
        public var to: String
        /// The member with the text.
        public var text: String
        /// The member with our identifier, which the gateway may deduplicate on; `nil` for none.
        public var reference: String?
        /// Members that are always the same: the sender's name, an option.
        public var fixed: [String: String]
        /// The member of the answer that is the receipt; `nil` for none.
        public var receipt: String?

        public init(
            to: String = "to",
            text: String = "text",
            reference: String? = "reference",
            fixed: [String: String] = [:],
            receipt: String? = "id"
        ) {
            self.to = to
            self.text = text
            self.reference = reference
            self.receipt = receipt
            self.fixed = fixed
        }
    }

    public var kind: ChannelName { .sms }

    private let gateway: WebAddress
    private let token: String
    private let fields: Fields
    private let country: String
    private let submission: HTTPSubmission

    /// - Parameters:
    ///   - gateway: where to post; `https`, or `http` on this machine.
    ///   - token: the bearer token (RFC 6750 §2.1), visible ASCII.
    ///   - country: the country code of numbers that begin with a single 0.
    ///   - parallel: requests at most.
    /// - Throws: `ChannelConfigurationError`.
    public init(
        gateway: WebAddress,
        token: String,
        fields: Fields = Fields(),
        country: String = "33",
        tls: TLSMaterial = TLSMaterial(),
        limits: TransferLimits = TransferLimits(),
        proxy: String? = nil,
        parallel: Int = 8,
        logger: Logger
    ) throws(ChannelConfigurationError) {
        guard gateway.isEncrypted || gateway.isLoopback else { throw .credentialsInClear }
        guard !token.isEmpty, token.utf8.allSatisfy(SafeBytes.isVisible) else { throw .invalid(setting: "token", expected: "visible ASCII") }
        self.gateway = gateway
        self.token = token
        self.fields = fields
        self.country = country
        submission = HTTPSubmission(
            threads: CurlThreads(limit: parallel, perDestination: parallel),
            tls: tls,
            limits: limits,
            proxy: proxy,
            alarm: ChannelAlarm(kind: .sms, logger: logger)
        )
    }

    /// Reasons of `.never` beside those of the gateway: `unsafe-…`, `address-invalid`, `attachment-not-allowed`.
    public func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        if let flaw = message.flaw { return .never(reason: flaw) }
        guard message.attachment == nil else { return .never(reason: "attachment-not-allowed") }
        guard let number = PhoneNumber(address, country: country) else { return .never(reason: "address-invalid") }
        var members: [(name: String, value: JSONText)] = [
            (fields.to, .string(number.description)), (fields.text, .string(message.text)),
        ]
        if let reference = fields.reference { members.append((reference, .string(message.id))) }
        // In one order, so that a repeat has the same bytes.
        members += fields.fixed.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }
        return await submission.send(
            JSONText.object(members).bytes,
            to: gateway,
            headers: [("Authorization", "Bearer \(token)"), ("Idempotency-Key", message.id)],
            account: .us
        ) { answer in
            fields.receipt.flatMap { JSONReceipt.member($0, of: answer.body) }
        }
    }
}
