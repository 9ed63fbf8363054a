public import NotificationChannels
public import Pathways
import Timekeeping

/// Messages as they would go out, about an invented patient of the demonstration territory: for whoever edits the texts.
public struct TemplatePreview: Sendable {
    private let book: TemplateBook
    private let rows: [String: NewsRow]
    private let settings: RenderingSettings
    private let territory: Territory
    /// Thursday, 19 November 2026, 16 h 05 in Paris.
    private let now = Instant(millisecondsSinceEpoch: 1_795_100_700_000, offsetMinutes: 60)

    /// Names of all templates, sorted.
    public var templates: [String] { book.names }

    /// - Throws: `FileErrors` if the binary holds a territory that it cannot read, which its tests exclude.
    public init(book: TemplateBook, table: NewsTable, settings: RenderingSettings) throws(FileErrors) {
        self.book = book
        self.settings = settings
        rows = Dictionary(table.rows.map { ($0.template, $0) }) { first, _ in first }
        territory = try SampleCast.demoTerritory()
    }

    /// One template's message.
    ///
    /// - Parameter reminder: 0 for the first telling.
    /// - Throws: `RenderingError.noWords` if there is no such template.
    public func render(template: String, channel: ChannelKind, reminder: Int = 0) throws -> RenderedMessage {
        try render([template], channel, reminder)
    }

    /// Several in one message about the same patient.
    public func render(templates: [String], channel: ChannelKind) throws -> RenderedMessage { try render(templates, channel, 0) }

    private func render(_ templates: [String], _ channel: ChannelKind, _ reminder: Int) throws -> RenderedMessage {
        var past = SamplePast(territory)
        let cast = SampleCast.demo(territory)
        var items: [News] = []
        for (index, template) in templates.enumerated() {
            let recipient = recipient(of: template, cast)
            let story = try rows[template].flatMap {
                SampleStory($0, cast: cast.with(pathway: index), recipient: recipient, now: now, id: "event-\(index + 1)")
            }.orThrow(RenderingError.noWords(template: template))
            past.add(story)
            items.append(story.news)
        }
        let message = OutboxMessage(
            recipient: templates.first.map { recipient(of: $0, cast) } ?? cast.nurse,
            urgency: items.contains { $0.urgency == .urgent } ? .urgent : .routine,
            reminder: reminder,
            madeAt: now,
            position: 1,
            items: items,
            delivery: Delivery(.waiting(until: now))
        )
        let renderer = LogRenderer(past: past, book: book, settings: settings)
        return try renderer.render(message, for: channel).orThrow(RenderingError.eventMissing(id: "event-1"))
    }

    /// Somebody of whom the table says that they are told this.
    private func recipient(of template: String, _ cast: SampleCast) -> String {
        switch rows[template]?.to {
        case .referent, .dischargingUnit: territory.referent.rpps.value
        case .told where template == "message-undeliverable" || template.hasSuffix("overdue") || template.hasSuffix("long"):
            territory.referent.rpps.value
        case .circle, .involved: cast.gp
        default: cast.nurse
        }
    }
}

extension Optional {
    fileprivate func orThrow(_ error: some Error) throws -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
