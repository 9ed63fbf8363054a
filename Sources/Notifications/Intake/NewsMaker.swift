import Coordination
import EventStore
import Pathways
import Timekeeping

/// What one event of the log makes of news: by the table, and by what the ledger says of those whom it is for.
struct NewsMaker: Sendable {
    /// How long after its event a news may still come: what a territory's log held long before its notifier began is not told.
    static let daysToTell: Int64 = 14

    let reader: HappeningReader
    let table: NewsTable
    let ledger: any Ledger
    private let asking: Set<String>
    private let asksLedger: Bool

    /// - Parameter asksLedger: whether what the log says was told already is passed over.
    init(reader: HappeningReader, table: NewsTable, ledger: any Ledger, asksLedger: Bool = true) {
        self.asksLedger = asksLedger
        self.reader = reader
        self.table = table
        self.ledger = ledger
        asking = table.askingTemplates
    }

    /// Nil if the event was erased, or says nothing that anybody is told.
    ///
    /// - Throws: `CoordinationError.unreadable`, `EventStoreError`.
    func intake(of event: RecordedEvent, at now: Instant) throws -> NewsIntake? {
        guard let (happening, others) = try reader.scene(of: event) else { return nil }
        let territory = try reader.territory(at: event)
        let news = table.news(for: happening, in: territory)
        return NewsIntake(
            position: event.position,
            recordedAt: event.recordedAt,
            endings: Self.endings(table.endings(of: happening, in: territory), others),
            news: try news.map { ($0, try fate(of: $0, recordedAt: event.recordedAt, at: now)) },
            now: now
        )
    }

    /// A death ends what is told of the person's other pathways too: of one where nothing is pending no event says so.
    private static func endings(_ own: [NewsEnding], _ others: [String]) -> [NewsEnding] {
        own
            + own.filter { $0.reason == .deceased && $0.isOfWholePathway }.flatMap { ending in
                others.map { NewsEnding(pathway: $0, templates: ending.templates, reason: .deceased) }
            }
    }

    private func fate(of news: News, recordedAt: Instant, at now: Instant) throws -> NewsFate? {
        let recipient = try ledger.recipient(news.key.recipient).recipient
        if asksLedger, recipient.wasTold(news.key) { return .toldBefore }
        if recordedAt.adding(days: Self.daysToTell) < now { return .tooOld }
        return recipient.mutes(news.key.template) && !asking.contains(news.key.template) ? .muted : nil
    }
}
