internal import Crypto
import Foundation
import FrenchText
public import NotificationChannels
public import Pathways
import Timekeeping

/// Renders messages from the log alone: the same bytes at each repeat, but that what was erased or opposed meanwhile is said no more.
///
/// Secure mail and the sandbox tell everything that its recipient may know. All others say how many news there are, and where to read them:
/// no name, no place, no care, no hospital.
public struct LogRenderer: MessageRenderer {
    private let past: any LogPast
    private let book: TemplateBook
    private let settings: RenderingSettings

    public init(past: any LogPast, book: TemplateBook, settings: RenderingSettings) {
        self.past = past
        self.book = book
        self.settings = settings
    }

    /// - Returns: nil if all that it tells was erased. Of several news, those that were erased read « Contenu effacé », so that the others
    ///   are told all the same.
    /// - Throws: `EventStoreError`; `RenderingError`, `CoordinationError` and `FileErrors`, which no retry repairs.
    public func render(_ message: OutboxMessage, for channel: ChannelKind) throws -> RenderedMessage? {
        let link = "\(settings.base)/n/\(message.id)?c=\(channel.rawValue)"
        let words: (subject: String, text: String)?
        switch channel {
        case .mssante, .sandbox: words = try secure(message, link: link)
        case .email, .sms, .webhook, .inapp: words = try isErased(message) ? nil : open(message, channel, link: link)
        }
        guard let words else { return nil }
        return RenderedMessage(
            id: message.id,
            messageID: "<\(message.id).\(channel.rawValue)@\(settings.domain)>",
            subject: words.subject,
            text: words.text,
            link: link,
            keys: message.items.map { Self.key(of: $0.key) },
            createdAt: message.madeAt,
            urgency: message.urgency == .urgent ? .urgent : .routine
        )
    }

    /// The same on each channel, and for ever: a receiver recognises repeats by it. A digest, because the name of a template tells of care.
    public static func key(of key: NewsKey) -> String {
        var digest = SHA256()
        for part in [key.event, key.recipient, key.template, key.followUp ?? ""] { digest.update(data: Array(part.utf8) + [0]) }
        return digest.finalize().prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    // MARK: - Open channels

    private func open(_ message: OutboxMessage, _ channel: ChannelKind, link: String) -> (subject: String, text: String) {
        let phrase = phrase(message)
        guard channel == .sms else {
            let phrase = FrenchTypography.apply(to: phrase)
            return (phrase, "\(phrase)\n\n\(link)")
        }
        // That something is urgent goes first where there is no room for all.
        let texts = [phrase, self.phrase(message, tellsUrgency: false)].map { GSMAlphabet.text("\($0) ") + link }
        return (GSMAlphabet.text(phrase), texts.first { $0.unicodeScalars.count <= GSMAlphabet.limit } ?? link)
    }

    private func phrase(_ message: OutboxMessage, tellsUrgency: Bool = true) -> String {
        let counts = CountWords(message.items)
        if message.reminder > 0 { return book.open.reminder.filled([.counts: counts.reminder(tellsUrgency: tellsUrgency)]) }
        return book.open.news.filled([.counts: counts.news(tellsUrgency: tellsUrgency)])
    }

    private func isErased(_ message: OutboxMessage) throws -> Bool {
        try message.items.allSatisfy { news in
            if let pathway = news.pathway { return try past.pathway(pathway, at: message.position, telling: nil) == nil }
            return try past.undeliverable(news.key.event, since: news.occurredAt, upTo: message.position) == nil
        }
    }

    // MARK: - Secure mail

    private func secure(_ message: OutboxMessage, link: String) throws -> (subject: String, text: String)? {
        let territory = try past.territory(at: message.position)
        let zone = territory.flatMap { TimeZone(identifier: $0.timeZone) } ?? .gmt
        let blocks = NewsBlocks(past: past, position: message.position, territory: territory, words: book.secure)
        let dates = FrenchClock(timeZone: zone, now: message.madeAt)
        var items: [SecureText.Item] = []
        for news in message.items {
            guard let template = book[news.key.template] else { throw RenderingError.noWords(template: news.key.template) }
            let told = try told(news, at: message.position, territory, dates)
            guard let told else {
                items.append(SecureText.Item(news: news, template: template, block: nil, values: [:]))
                continue
            }
            let block = try told.about.map { try blocks.block(of: $0.pathway, stream: news.pathway ?? "", isNamed: news.named) }
            items.append(SecureText.Item(news: news, template: template, block: block ?? other, values: told.facts.values))
        }
        if items.allSatisfy({ $0.block == nil }) { return nil }
        let text = SecureText(words: book.secure, items: items, reminder: message.reminder, link: link)
        return text.written(to: territory?.name(of: message.recipient), territory: territory)
    }

    /// Nil if it was erased.
    private func told(
        _ news: News,
        at position: Int64,
        _ territory: Territory?,
        _ dates: FrenchClock
    ) throws -> (facts: NewsFacts, about: PathwayPast?)? {
        var pathway: PathwayPast?
        if let stream = news.pathway {
            guard let past = try past.pathway(stream, at: position, telling: news) else { return nil }
            pathway = past
            if past.event(news.key.event) != nil {
                return (try NewsFacts(news, past, territory: territory, dates: dates), past)
            }
        }
        guard let body = try past.undeliverable(news.key.event, since: news.occurredAt, upTo: position) else { return nil }
        return (NewsFacts(news, body, about: pathway, territory: territory, dates: dates), pathway)
    }

    private var other: NewsBlock { NewsBlock(key: "", heading: book.secure.other.filled([:]), place: nil) }
}
