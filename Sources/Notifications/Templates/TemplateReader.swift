import Pathways

/// Builds the texts from their document; what is wrong goes to the reader's `problems`.
struct TemplateReader {
    static let keys = ["version", "open", "secure", "templates"]
    private static let lineLimit = 400
    private static let subjectLimit = 70

    private let root: MappingReader

    init(_ root: MappingReader) {
        self.root = root
    }

    /// `nil` only when a problem was reported; a value may come with problems too, and is then of no use.
    func read(_ names: Set<String>) -> TemplateBook? {
        let version = root.integer("version", in: 1...1_000_000)
        let open = open()
        let secure = secure()
        let templates = templates(names)
        guard let version, let open, let secure else { return nil }
        return TemplateBook(version: version, open: open, secure: secure, templates: templates)
    }

    private func open() -> TemplateBook.Open? {
        guard let reader = root.mapping("open", keys: ["news", "reminder"]) else { return nil }
        let news = text("news", reader, TemplatePlaceholder.open)
        let reminder = text("reminder", reader, TemplatePlaceholder.open)
        guard let news, let reminder else { return nil }
        return TemplateBook.Open(news: news, reminder: reminder)
    }

    private func secure() -> TemplateBook.Secure? {
        let keys = ["greeting", "news", "reminder", "unnamed", "masked", "unknown", "other", "erased", "ask", "read", "footer"]
        guard let reader = root.mapping("secure", keys: keys) else { return nil }
        let texts = Dictionary(
            uniqueKeysWithValues: keys.dropLast().compactMap { key in text(key, reader, TemplatePlaceholder.frame).map { (key, $0) } }
        )
        let footer = reader.texts("footer", atMost: 10).compactMap { words, place in
            parsed(words, TemplatePlaceholder.frame, at: place, path: reader.path("footer"))
        }
        if footer.isEmpty { reader.report("footer", "who sends the message is not said", write: "a list of lines") }
        guard let greeting = texts["greeting"], let news = texts["news"], let reminder = texts["reminder"], let unnamed = texts["unnamed"],
            let masked = texts["masked"], let unknown = texts["unknown"], let other = texts["other"], let erased = texts["erased"],
            let ask = texts["ask"], let read = texts["read"]
        else { return nil }
        return TemplateBook.Secure(
            greeting: greeting,
            news: news,
            reminder: reminder,
            unnamed: unnamed,
            masked: masked,
            unknown: unknown,
            other: other,
            erased: erased,
            ask: ask,
            read: read,
            footer: footer
        )
    }

    private func templates(_ names: Set<String>) -> [String: MessageTemplate] {
        var found: [String: MessageTemplate] = [:]
        var seen: Set<String> = []
        for reader in root.mappings("templates", keys: ["name", "subject", "line", "unnamed", "action"], atLeast: 1, atMost: 500) {
            guard let name = reader.text("name") else { continue }
            if !names.contains(name) {
                reader.report("name", "« \(name.prefix(60)) » is no template of the table of news", write: "one of them")
            }
            if !seen.insert(name).inserted {
                reader.report("name", "« \(name.prefix(60)) » has words already", write: "each template once")
            }
            if let template = template(name, reader) { found[name] = template }
        }
        for name in names.subtracting(seen).sorted() { root.report("templates", "\(name) has no words", write: "- name: \(name)") }
        return found
    }

    private func template(_ name: String, _ reader: MappingReader) -> MessageTemplate? {
        let subject = reader.text("subject", limit: Self.subjectLimit)
        if let subject { _ = parsed(subject, [], at: reader.place("subject"), path: reader.path("subject")) }
        let line = text("line", reader, TemplatePlaceholder.named)
        let unnamed = reader.has("unnamed") ? text("unnamed", reader, TemplatePlaceholder.unnamed) : nil
        // The same for both: what one may do tells nothing of the illness.
        let action = text("action", reader, TemplatePlaceholder.unnamed)
        guard let subject, let line, let action else { return nil }
        return MessageTemplate(name: name, subject: subject, line: line, unnamed: unnamed, action: action)
    }

    private func text(_ key: String, _ reader: MappingReader, _ allowed: Set<TemplatePlaceholder>) -> TemplateText? {
        reader.text(key, limit: Self.lineLimit).flatMap { parsed($0, allowed, at: reader.place(key), path: reader.path(key)) }
    }

    private func parsed(_ text: String, _ allowed: Set<TemplatePlaceholder>, at place: FilePlace?, path: String) -> TemplateText? {
        do throws(TemplateText.Flaw) {
            return try TemplateText(text, allowing: allowed)
        } catch {
            root.problems.report(error.problem, write: error.remedy, at: place, path: path)
            return nil
        }
    }
}
