public import Logging
public import Timekeeping

/// Calls the recipient's own software, signed (Standard Webhooks 1.0.0). The body has keys and identifiers only, no text and no name:
/// the receiver asks the feed for the rest with its own right to see it.
public struct WebhookChannel: NotificationChannel {
    public var kind: ChannelName { .webhook }

    private let secrets: @Sendable (WebAddress) -> [WebhookSecret]
    private let time: TimeSource
    private let submission: HTTPSubmission

    /// - Parameters:
    ///   - time: the moment of each attempt, which is signed: receivers refuse an old one.
    ///   - secrets: of an endpoint that the operator knows, the newest first; one signature is sent for each, so that a secret can be
    ///     changed without a gap. None means that the address is not called: nobody makes us call where they like.
    ///   - parallel: requests at most; one endpoint gets `perDestination` of them.
    public init(
        time: TimeSource,
        tls: TLSMaterial = TLSMaterial(),
        limits: TransferLimits = TransferLimits(),
        proxy: String? = nil,
        parallel: Int = 32,
        perDestination: Int = 4,
        logger: Logger,
        secrets: @escaping @Sendable (WebAddress) -> [WebhookSecret]
    ) {
        self.time = time
        self.secrets = secrets
        submission = HTTPSubmission(
            threads: CurlThreads(limit: parallel, perDestination: perDestination),
            tls: tls,
            limits: limits,
            proxy: proxy,
            alarm: ChannelAlarm(kind: .webhook, logger: logger)
        )
    }

    /// Reasons of `.never` beside those of the endpoint: `unsafe-…`, `address-invalid`, `endpoint-unknown`.
    public func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        if let flaw = message.flaw { return .never(reason: flaw) }
        guard let endpoint = WebAddress(address), endpoint.isEncrypted || endpoint.isLoopback else { return .never(reason: "address-invalid") }
        let secrets = secrets(endpoint)
        guard !secrets.isEmpty else { return .never(reason: "endpoint-unknown") }
        let body = Self.body(of: message)
        let timestamp = time.now().millisecondsSinceEpoch / 1_000
        let signatures = secrets.map { $0.signature(id: message.id, timestamp: timestamp, body: body) }
        return await submission.send(
            body,
            to: endpoint,
            headers: [
                ("webhook-id", message.id), ("webhook-timestamp", String(timestamp)), ("webhook-signature", signatures.joined(separator: " ")),
            ],
            account: .recipient
        )
    }

    /// `{type, timestamp, data}` as the standard recommends, the timestamp being the message's: a repeat has the same bytes.
    static func body(of message: RenderedMessage) -> [UInt8] {
        var data: [(name: String, value: JSONText)] = [
            ("message", .string(message.id)), ("keys", .array(message.keys.map { .string($0) })), ("urgency", .string(message.urgency.rawValue)),
        ]
        if let link = message.link { data.append(("link", .string(link))) }
        let members: [(name: String, value: JSONText)] = [
            ("type", .string("relais.news")), ("timestamp", .string(message.createdAt.rfc3339)), ("data", .object(data)),
        ]
        return JSONText.object(members).bytes
    }
}
