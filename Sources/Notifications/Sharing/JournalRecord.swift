public import Pathways
import Timekeeping

/// What the nodes that share the work tell each other of a message: the newest record of each id counts.
///
/// It names people by RPPS and pathways by their stream, as the outbox does; no patient, no text.
public enum JournalRecord: Hashable, Sendable {
    /// It is to be told, and how far it got.
    case open(OutboxMessage)
    /// Nothing more is to be done with it.
    case closed(String)

    /// The message's id.
    public var message: String {
        switch self {
        case .open(let message): message.id
        case .closed(let id): id
        }
    }

    /// JSON; nil of one that is closed.
    public var bytes: [UInt8]? {
        guard case .open(let message) = self else { return nil }
        return JSONWriter.object { json in
            json.write("recipient", message.recipient)
            json.write("urgency", message.urgency)
            json.write("reminder", message.reminder)
            json.write("madeAt", message.madeAt)
            json.write("position", message.position)
            json.write("items", message.items) { Self.write($1, to: &$0) }
            Self.write(message.delivery, to: &json)
        }
    }

    /// - Throws: `CodecError` naming the member that is missing or malformed; also if the id is not that of its news.
    public init(message id: String, bytes: [UInt8]?) throws(CodecError) {
        guard let bytes else {
            self = .closed(id)
            return
        }
        let json = try JSONDocument(bytes).object()
        let recipient = try json.string("recipient")
        let message = OutboxMessage(
            recipient: recipient,
            urgency: try json.word("urgency"),
            reminder: try Self.number("reminder", in: 0...2, of: json),
            madeAt: try json.instant("madeAt"),
            position: try json.integer("position"),
            items: try json.objects("items") { (object) throws(CodecError) in try Self.news(object, of: recipient) },
            delivery: try Self.delivery(json)
        )
        guard message.id == id else { throw CodecError(path: "$", problem: "tells other news than its id says") }
        self = .open(message)
    }

    // MARK: - Parts

    private static func write(_ news: News, to json: inout JSONWriter) {
        json.write("event", news.key.event)
        json.write("template", news.key.template)
        json.write("subject", news.key.followUp)
        json.write("occurredAt", news.occurredAt)
        json.write("urgency", news.urgency)
        json.write("pathway", news.pathway)
        json.write("followUp", news.followUp)
        json.write("answerBy", news.answerBy)
        json.write("asks", flag: news.asks)
        json.write("named", flag: news.named)
    }

    private static func news(_ json: JSONObject, of recipient: String) throws(CodecError) -> News {
        News(
            key: NewsKey(
                event: try json.string("event"),
                recipient: recipient,
                template: try json.string("template"),
                followUp: try json.optionalString("subject")
            ),
            occurredAt: try json.instant("occurredAt"),
            urgency: try json.word("urgency"),
            pathway: try json.optionalString("pathway"),
            followUp: try json.optionalString("followUp"),
            answerBy: try json.optionalInstant("answerBy"),
            asks: try json.flag("asks"),
            named: try json.flag("named")
        )
    }

    /// More than four days of them, a minute apart, are no message of ours.
    private static let mostAttempts = 10_000

    private static func number(_ key: StaticString, in range: ClosedRange<Int>, of json: JSONObject) throws(CodecError) -> Int {
        let number = try json.int(key)
        guard range.contains(number) else { throw CodecError(path: "$.\(key)", problem: "is out of range") }
        return number
    }

    private static func write(_ delivery: Delivery, to json: inout JSONWriter) {
        let stored = StoredDelivery(delivery)
        json.write("state", stored.state)
        json.write("at", stored.at)
        json.write("takenBy", stored.takenBy)
        json.write("receipt", stored.receipt)
        json.write("reason", stored.reason)
        json.write("tried", stored.tried)
        json.write("channel", delivery.channel)
        json.write("attempts", delivery.attempts)
        json.write("since", delivery.since)
        json.write("mayBeOut", flag: delivery.mayBeOut)
    }

    private static func delivery(_ json: JSONObject) throws(CodecError) -> Delivery {
        StoredDelivery(
            state: try json.string("state"),
            at: try json.optionalInteger("at"),
            takenBy: try json.optionalString("takenBy"),
            receipt: try json.optionalString("receipt"),
            reason: try json.optionalString("reason"),
            tried: try json.string("tried")
        )
        .delivery(
            channel: try json.optionalString("channel"),
            attempts: try number("attempts", in: 0...mostAttempts, of: json),
            since: try json.optionalInstant("since")?.millisecondsSinceEpoch,
            mayBeOut: try json.flag("mayBeOut")
        )
    }
}
