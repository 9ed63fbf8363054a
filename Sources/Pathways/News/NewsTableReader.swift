/// Builds the table of news from its document; what is wrong goes to the reader's `problems`.
struct NewsTableReader {
    static let keys = ["version", "news", "endings"]

    private let root: MappingReader

    init(_ root: MappingReader) {
        self.root = root
    }

    /// `nil` only when a problem was reported; a value may come with problems too, and is then of no use.
    func read() -> NewsTable? {
        let version = root.integer("version", in: 1...1_000_000)
        let rows = rows()
        let endings = endings(of: Set(rows.map(\.template)), asking: Set(rows.filter(\.asks).map(\.template)))
        return version.map { NewsTable(version: $0, rows: rows, endings: endings) }
    }

    // MARK: - Rows

    private func rows() -> [NewsRow] {
        let keys = ["event", "when", "to", "roles", "template", "urgency", "asks", "remind", "unlessAskedFor", "onlyAfter"]
        var rows: [NewsRow] = []
        var after: [(templates: [(value: String, place: FilePlace?)], reader: MappingReader)] = []
        for reader in root.mappings("news", keys: keys, atLeast: 1, atMost: 500) {
            let presupposed = reader.texts("onlyAfter", atMost: 50)
            guard let row = row(reader, onlyAfter: Set(presupposed.map(\.value))) else { continue }
            check(row, among: rows, reader)
            rows.append(row)
            after.append((presupposed, reader))
        }
        let templates = Set(rows.map(\.template))
        for (presupposed, reader) in after {
            for (template, place) in presupposed where !templates.contains(template) {
                report("« \(template.prefix(60)) » is the template of no row", write: "that of one", at: place, reader, "onlyAfter")
            }
        }
        return rows
    }

    private func row(_ reader: MappingReader, onlyAfter: Set<String>) -> NewsRow? {
        let when = condition(reader)
        let events = events(reader, when)
        let to = word("to", NewsRow.Audience.self, reader)
        let template = reader.value("template", Slug.expected, make: Slug.make)
        let urgency = word("urgency", NewsRow.UrgencyRule.self, reader)
        let asks = reader.optionalBoolean("asks") ?? false
        let reminds = reader.optionalBoolean("remind") ?? false
        let triggers = reader.texts("unlessAskedFor", atMost: 20).compactMap { text, place -> RuleTrigger? in
            guard let trigger = RuleTrigger(rawValue: text) else {
                let words = RuleTrigger.allCases.map(\.rawValue).joined(separator: ", ")
                report("« \(text.prefix(60)) » is no trigger of a rule", write: words, at: place, reader, "unlessAskedFor")
                return nil
            }
            return trigger
        }
        let roles = roles(reader, of: to)
        if reminds && !asks { reader.report("remind", "nobody is reminded of what asks for nothing", write: "asks: true beside it, or no remind") }
        guard let to, let template, let urgency, !events.isEmpty else { return nil }
        if to == .asked && !events.isSubset(of: Self.asking) {
            reader.report("to", "this event asks nobody", write: "another audience, or one of \(Self.asking.sorted().joined(separator: ", "))")
        }
        return NewsRow(
            events: events,
            when: when,
            to: to,
            roles: roles,
            template: template,
            urgency: urgency,
            asks: asks,
            reminds: reminds,
            unlessAskedFor: Set(triggers),
            onlyAfter: onlyAfter
        )
    }

    private func roles(_ reader: MappingReader, of audience: NewsRow.Audience?) -> Set<CareRole>? {
        guard reader.has("roles") else {
            if audience == .circle { reader.report("to", "whom of the circle is not said", write: "roles: all, or a list of roles") }
            return nil
        }
        if let audience, audience != .circle { reader.report("roles", "roles are those of a circle", write: "to: circle, or no roles") }
        if reader.isWord("roles", "all") { return nil }
        let roles = reader.texts("roles", atMost: 50).compactMap { text, place -> CareRole? in
            let role = CareRole(rawValue: text)
            guard CareRole.known.contains(role) else {
                report("« \(text.prefix(60)) » is not a known role", write: "attending-gp, pharmacist, nurse…", at: place, reader, "roles")
                return nil
            }
            return role
        }
        return Set(roles)
    }

    /// A receiver recognises a repeat by the template too, and a template has one text: rows that share it must mean the same by it.
    private func check(_ row: NewsRow, among rows: [NewsRow], _ reader: MappingReader) {
        guard let other = rows.first(where: { $0.template == row.template }), other.asks != row.asks || other.onlyAfter != row.onlyAfter else {
            return
        }
        reader.report("template", "another row has this template with other asks or onlyAfter", write: "the same, or another template")
    }

    // MARK: - Endings

    private func endings(of templates: Set<String>, asking: Set<String>) -> [NewsEndingRow] {
        root.mappings("endings", keys: ["event", "when", "for", "ends", "reason"], atMost: 500).compactMap { reader in
            let when = condition(reader)
            let events = events(reader, when)
            let audience = reader.has("for") ? word("for", NewsEndingRow.Audience.self, reader) : .everybody
            let reason = word("reason", NewsEnding.Reason.self, reader)
            let ended: Set<String>?
            if reader.isWord("ends", "all") {
                ended = nil
            } else if reader.isWord("ends", "asking") {
                ended = asking
            } else {
                let named = reader.texts("ends", atMost: 200)
                if named.isEmpty { reader.report("ends", "what ends is not said", write: "all, asking, or a list of templates") }
                for (template, place) in named where !templates.contains(template) {
                    report("« \(template.prefix(60)) » is the template of no row", write: "that of one", at: place, reader, "ends")
                }
                ended = Set(named.map(\.value))
            }
            guard let audience, let reason, !events.isEmpty else { return nil }
            return NewsEndingRow(events: events, when: when, audience: audience, templates: ended, reason: reason)
        }
    }

    // MARK: - Words

    /// One event or a list of them.
    private func events(_ reader: MappingReader, _ when: NewsCondition?) -> Set<String> {
        if reader.isWord("event", "movements") { return checked(NewsCondition.movements, when, reader) }
        let named = reader.texts("event", atMost: 50, orOne: true)
        if named.isEmpty { reader.report("event", "no event is named", write: "the short name of one, as offers-made, or a list") }
        for (name, place) in named where !Self.known.contains(name) {
            report("« \(name.prefix(60)) » is no event of which news are made", write: "a short name, as offers-made", at: place, reader, "event")
        }
        return checked(Set(named.map(\.value)).intersection(Self.known), when, reader)
    }

    private func checked(_ events: Set<String>, _ when: NewsCondition?, _ reader: MappingReader) -> Set<String> {
        if let when, !events.isSubset(of: when.events) {
            reader.report("when", "\(when.rawValue) is never so of this event", write: "event: \(when.events.sorted().joined(separator: ", "))")
        }
        return events
    }

    private func condition(_ reader: MappingReader) -> NewsCondition? {
        reader.has("when") ? word("when", NewsCondition.self, reader) : nil
    }

    private func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, _: Word.Type, _ reader: MappingReader) -> Word? {
        reader.value(key, Word.allCases.map(\.rawValue).joined(separator: ", "), make: Word.init(rawValue:))
    }

    private func report(_ problem: String, write remedy: String, at place: FilePlace?, _ reader: MappingReader, _ key: String) {
        reader.problems.report(problem, write: remedy, at: place, path: reader.path(key))
    }

    /// Short names of the events that can be news, or end some.
    static let known = Set(PathwayEvent.types.map(NewsTable.shortName)).union(["message-undeliverable", "stream-erased"])
    /// Those that name addressees of offers.
    private static let asking: Set<String> = ["offers-made", "follow-ups-planned"]
}
