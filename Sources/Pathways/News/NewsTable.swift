/// What is told to whom: data, read from `notifications.yaml`. The same for every territory, and the same for ever for one prefix of the log.
public struct NewsTable: Hashable, Sendable {
    public let version: Int
    /// In the order of the file: of one event, the first row that speaks to somebody of a follow-up counts.
    public let rows: [NewsRow]
    public let endings: [NewsEndingRow]
    /// By short name of the event, each in the order of the file: every event of the log is looked up.
    private let rowsOfEvent: [String: [NewsRow]]
    private let endingsOfEvent: [String: [NewsEndingRow]]

    init(version: Int, rows: [NewsRow], endings: [NewsEndingRow]) {
        self.version = version
        self.rows = rows
        self.endings = endings
        var rowsOfEvent: [String: [NewsRow]] = [:]
        for row in rows { for event in row.events { rowsOfEvent[event, default: []].append(row) } }
        var endingsOfEvent: [String: [NewsEndingRow]] = [:]
        for row in endings { for event in row.events { endingsOfEvent[event, default: []].append(row) } }
        self.rowsOfEvent = rowsOfEvent
        self.endingsOfEvent = endingsOfEvent
    }

    /// The table that is shipped.
    ///
    /// - Throws: `FileErrors` if the binary holds one that it cannot read, which its tests exclude.
    public static func shipped() throws(FileErrors) -> NewsTable {
        try NewsTableFile.parse(yaml: BundledFiles.notifications, file: "notifications.yaml")
    }

    /// Every template's name, the texts of which are elsewhere.
    public var templates: Set<String> { Set(rows.map(\.template)) }

    /// Those that somebody may do without: always routine, and never a question.
    public var mutableTemplates: Set<String> {
        templates.subtracting(rows.filter { $0.urgency != .routine || $0.asks }.map(\.template))
    }

    /// Those that ask for an answer.
    public var askingTemplates: Set<String> { Set(rows.filter(\.asks).map(\.template)) }

    /// The templates of which one must have been told somebody, of the same pathway and follow-up, before this one is; none: it is told
    /// anyhow. What was told is in the ledger (``Recipient/wasTold(of:followUp:as:)``), which is no business of the table.
    public func presupposed(by template: String) -> Set<String> { rows.first { $0.template == template }?.onlyAfter ?? [] }

    /// Whether an event of this type can be news, or end some.
    public func concerns(type: String) -> Bool {
        let name = Self.shortName(of: type)
        return rowsOfEvent[name] != nil || endingsOfEvent[name] != nil
    }

    /// `offers-made` for `fr.relais.pathway.offers-made.v2`.
    static func shortName(of type: String) -> String {
        let parts = type.utf8.split(separator: UInt8(ascii: "."))
        return parts.count == 5 ? String(parts[3]) ?? type : type
    }

    // MARK: - News

    /// What an event tells whom. Each person once for each follow-up, never what they did themselves, and of a patient who is dead nothing but
    /// the death.
    ///
    /// - Parameter territory: as it was at the event's position.
    public func news(for happening: Happening, in territory: TerritoryState) -> [News] {
        guard let rows = rowsOfEvent[happening.name] else { return [] }
        let matters = happening.matters(in: territory.territory)
        let people = NewsPeople(happening, territory)
        var told: Set<Subject> = []
        var news: [News] = []
        for matter in matters {
            for row in rows where row.isOf(matter, happening) {
                for (rpps, isNamed) in people.audience(of: row, matter) where told.insert(Subject(rpps: rpps, followUp: matter.subject)).inserted {
                    news.append(row.news(of: matter, to: rpps, isNamed: isNamed, happening))
                }
            }
        }
        return news
    }

    /// What an event ends of the news of earlier events, those of the first reason first. To be applied before its own news are taken in.
    public func endings(of happening: Happening, in territory: TerritoryState) -> [NewsEnding] {
        guard let rows = endingsOfEvent[happening.name] else { return [] }
        let people = NewsPeople(happening, territory)
        var endings: [NewsEnding] = []
        for matter in happening.matters(in: territory.territory) {
            // Whatever else is so then, a death ends as a death.
            let isOfDeath = matter.conditions.contains(where: \.speaksOfDeath)
            for row in rows where (row.when.map(matter.conditions.contains) ?? true) && (!isOfDeath || row.reason == .deceased) {
                let recipients: Set<String>? =
                    switch row.audience {
                    case .actor: Set([happening.actor].compactMap { $0 })
                    case .asked: people.everybody(of: matter.asked)
                    case .everybody: nil
                    }
                let ending = NewsEnding(
                    pathway: happening.stream,
                    followUp: matter.subject,
                    recipients: recipients,
                    templates: templates(endedBy: row),
                    reason: row.reason
                )
                if recipients?.isEmpty != true, !endings.contains(ending) { endings.append(ending) }
            }
        }
        return endings
    }

    /// A death leaves the word of itself, which another event of it may have told before.
    private func templates(endedBy row: NewsEndingRow) -> Set<String>? {
        guard row.reason == .deceased else { return row.templates }
        return (row.templates ?? templates).subtracting(rows.filter { $0.when?.speaksOfDeath == true }.map(\.template))
    }

    private struct Subject: Hashable {
        let rpps: String
        let followUp: String?
    }
}

extension NewsRow {
    fileprivate func isOf(_ matter: NewsMatter, _ happening: Happening) -> Bool {
        if let when, !matter.conditions.contains(when) { return false }
        guard case .pathway = happening.event, happening.isOfTheDead else { return true }
        return when?.speaksOfDeath == true
    }

    fileprivate func news(of matter: NewsMatter, to rpps: String, isNamed: Bool, _ happening: Happening) -> News {
        var isPathway = false
        if case .pathway = happening.event { isPathway = true }
        return News(
            key: NewsKey(event: happening.id, recipient: rpps, template: template, followUp: matter.subject),
            occurredAt: happening.occurredAt,
            urgency: urgency == .urgent || (urgency == .asFollowUp && matter.followUp?.plan.priority == .urgent) ? .urgent : .routine,
            pathway: isPathway ? happening.stream : happening.pathwayOfItems,
            followUp: matter.subject,
            answerBy: reminds ? matter.answerBy : nil,
            asks: asks,
            named: isNamed
        )
    }
}

extension Happening {
    /// Of a message that could not be delivered: the pathway that all of it was about.
    fileprivate var pathwayOfItems: String? {
        guard case .messageUndeliverable(let body) = event else { return nil }
        let pathways = Set(body.items.map(\.pathway))
        return pathways.count == 1 ? pathways.first.flatMap { $0 } : nil
    }
}
