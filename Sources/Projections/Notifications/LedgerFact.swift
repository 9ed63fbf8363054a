import Pathways
import Timekeeping

/// What became of a message, as a row of `notifications_fact`: written from an event, and read back as one, so that what it means is folded
/// by `Pathways`, never here.
struct LedgerFact {
    enum Kind: String, CaseIterable {
        case handedOver = "handed-over"
        case delivered
        case opened
        case bounced
        case undeliverable
    }

    let recipient: String
    let message: String
    /// Told for the first time by some kinds of facts only.
    var items: [ToldItem] = []
    let kind: Kind
    let at: Instant
    var channel: ChannelKind?
    var urgency: News.Urgency?
    var reminder: Int?
    var attempts: Int?
    var word: String?
    var code: String?
    var tried: [ChannelKind]?
    var told: String?

    // MARK: - From an event

    init(_ body: MessageHandedOver) {
        (recipient, message, items, kind, at) = (body.recipient, body.message, body.items, .handedOver, body.at)
        (channel, urgency, reminder, attempts, code) = (body.channel, body.urgency, body.reminder, body.attempts, body.receipt)
    }

    init(_ body: MessageDelivered) {
        (recipient, message, kind, at, channel) = (body.recipient, body.message, .delivered, body.at, body.channel)
    }

    init(_ body: MessageOpened) {
        (recipient, message, kind, at) = (body.recipient, body.message, .opened, body.at)
        (channel, word) = (body.channel, body.via.rawValue)
    }

    init(_ body: MessageBounced) {
        (recipient, message, kind, at) = (body.recipient, body.message, .bounced, body.at)
        (channel, word, code) = (body.channel, body.reason.rawValue, body.code)
    }

    init(_ body: MessageUndeliverable) {
        (recipient, message, items, kind, at) = (body.recipient, body.message, body.items, .undeliverable, body.at)
        (word, tried, told) = (body.reason.rawValue, body.tried, body.told)
    }

    // MARK: - From a row

    /// What ``bind(to:)`` wrote to these columns.
    static let columns = "kind, channel, at, at_offset, urgency, reminder, attempts, word, code, tried, told"

    /// - Parameter column: the first one of ``columns``.
    init(_ row: ViewStatement, _ column: Int32, recipient: String, message: String, items: [ToldItem]) throws {
        guard let kind = Kind(rawValue: row.string(column)) else { throw Self.damaged }
        (self.recipient, self.message, self.items, self.kind, at) = (recipient, message, items, kind, row.instant(column + 2))
        channel = row.optionalString(column + 1).flatMap(ChannelKind.init(rawValue:))
        urgency = row.optionalString(column + 4).flatMap(News.Urgency.init(rawValue:))
        (reminder, attempts) = (row.optionalInt(column + 5), row.optionalInt(column + 6))
        (word, code) = (row.optionalString(column + 7), row.optionalString(column + 8))
        tried = row.optionalString(column + 9)?.split(separator: " ").compactMap { ChannelKind(rawValue: String($0)) }
        told = row.optionalString(column + 10)
    }

    /// Binds ``columns`` to the parameters from `index` on.
    func bind(to statement: ViewStatement, from index: Int32) {
        statement.bind(index, kind.rawValue)
        statement.bind(index + 1, channel?.rawValue)
        statement.bind(index + 2, at)
        statement.bind(index + 4, urgency?.rawValue)
        Self.bind(index + 5, reminder, to: statement)
        Self.bind(index + 6, attempts, to: statement)
        statement.bind(index + 7, word)
        statement.bind(index + 8, code)
        statement.bind(index + 9, tried?.map(\.rawValue).joined(separator: " "))
        statement.bind(index + 10, told)
    }

    private static func bind(_ index: Int32, _ value: Int?, to statement: ViewStatement) {
        if let value { statement.bind(index, value) } else { statement.bindNull(index) }
    }

    /// The event that the row was written from.
    var event: DomainEvent {
        get throws {
            switch kind {
            case .handedOver: .messageHandedOver(try handedOver)
            case .delivered:
                .messageDelivered(MessageDelivered(recipient: recipient, message: message, channel: try Self.stated(channel), at: at))
            case .opened:
                .messageOpened(
                    MessageOpened(recipient: recipient, message: message, via: try Self.stated(stated()), channel: channel, at: at)
                )
            case .bounced: .messageBounced(try bounced)
            case .undeliverable: .messageUndeliverable(try undeliverable)
            }
        }
    }

    private var handedOver: MessageHandedOver {
        get throws {
            MessageHandedOver(
                recipient: recipient,
                message: message,
                channel: try Self.stated(channel),
                items: items,
                urgency: try Self.stated(urgency),
                reminder: try Self.stated(reminder),
                attempts: try Self.stated(attempts),
                receipt: code,
                at: at
            )
        }
    }

    private var bounced: MessageBounced {
        get throws {
            MessageBounced(
                recipient: recipient,
                message: message,
                channel: try Self.stated(channel),
                at: at,
                reason: try Self.stated(stated()),
                code: code
            )
        }
    }

    private var undeliverable: MessageUndeliverable {
        get throws {
            MessageUndeliverable(
                recipient: recipient,
                message: message,
                items: items,
                tried: tried ?? [],
                reason: try Self.stated(stated()),
                told: told,
                at: at
            )
        }
    }

    private func stated<Word: RawRepresentable<String>>() -> Word? { word.flatMap(Word.init(rawValue:)) }

    private static func stated<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw damaged }
        return value
    }

    private static var damaged: ViewError { .damaged(table: "notifications_fact") }
}
