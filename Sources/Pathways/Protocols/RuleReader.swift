/// Builds one rule from its mapping.
struct RuleReader {
    static let keys = [
        "id", "role", "title", "window", "priority", "answerWithinMinutes", "minimumDataSet", "source", "sourceDetail", "doubt", "supersedes",
        "trigger", "recordsHomeReturn", "recurrence", "solicitation", "escalation", "books", "completesOnAcceptance",
    ]

    private static let parameterMark = "parameter:"

    /// What a rule may refer to.
    struct Context {
        let protocolID: String
        let sources: [FollowUpProtocol.Source]
        let parameters: [FollowUpProtocol.Parameter]
        /// Sources and parameters that exist but were refused: a reference to one is passed over in silence.
        let flawed: Set<String>
        /// What rules have that say nothing of their own.
        let solicitation: SolicitationPolicy?
        let escalation: [EscalationStep]?
    }

    private let reader: MappingReader
    private let context: Context

    init(_ reader: MappingReader, _ context: Context) {
        self.reader = reader
        self.context = context
    }

    func read() -> ProtocolRule? {
        let id = reader.value("id", Slug.expected, make: Slug.make)
        let role = CareRole.read("role", in: reader)
        let title = reader.value("title", RuleTitle.expected, limit: RuleTitle.limit, make: RuleTitle.make)
        let window = window()
        let priority = reader.value("priority", "urgent, high or normal", make: Priority.init(name:))
        let answerWithinMinutes = reader.integer("answerWithinMinutes", in: 1...43_200)
        let minimumDataSet = minimumDataSet()
        let source = source()
        let detail = reader.optionalText("sourceDetail")
        let doubt = reader.optionalText("doubt", limit: 600)
        let triggers = RuleTrigger.allCases.map(\.rawValue).joined(separator: ", ")
        let trigger = reader.optionalValue("trigger", triggers, make: RuleTrigger.init(rawValue:))
        let recordsHomeReturn = reader.optionalBoolean("recordsHomeReturn")
        let recurrence = window.flatMap { self.recurrence(of: $0.edges, trigger: trigger ?? .discharge) }
        let supersedes = supersedes()
        let solicitation = reader.solicitation() ?? context.solicitation
        let escalation = reader.escalation() ?? context.escalation
        let books = reader.optionalBoolean("books")
        let completesOnAcceptance = reader.optionalBoolean("completesOnAcceptance")
        if let window { checkOpening(of: window.edges, trigger: trigger ?? .discharge) }
        guard let id, let role, let title, let window, let priority, let answerWithinMinutes, let source else { return nil }
        return ProtocolRule(
            id: id,
            role: role,
            title: title,
            window: window.edges,
            priority: priority,
            answerWithinMinutes: answerWithinMinutes,
            minimumDataSet: minimumDataSet,
            source: detail.map { "\(source.title), \($0)" } ?? source.title,
            sourceDate: source.date,
            doubt: doubt ?? window.doubt,
            supersedes: supersedes,
            trigger: trigger ?? .discharge,
            recordsHomeReturn: recordsHomeReturn ?? false,
            solicitation: solicitation ?? .standard(answerWithinMinutes: answerWithinMinutes),
            escalation: escalation ?? EscalationStep.standard,
            books: books ?? false,
            completesOnAcceptance: completesOnAcceptance ?? false,
            recurrence: recurrence,
            occurrence: nil
        )
    }

    private func source() -> FollowUpProtocol.Source? {
        guard let id = reader.text("source") else { return nil }
        if let source = context.sources.first(where: { $0.id == id }) { return source }
        if !context.flawed.contains(id) { reader.report("source", "« \(id) » is none of this file's sources", write: "the id of one") }
        return nil
    }

    /// The window, with the doubt of the parameter that gives one of its edges.
    private func window() -> (edges: FollowUpWindow, doubt: String?)? {
        guard let mapping = reader.mapping("window", keys: ["from", "to"]) else { return nil }
        let from = edge("from", in: mapping)
        let to = edge("to", in: mapping)
        guard let from, let to else { return nil }
        guard let edges = FollowUpWindow(from: from.edge, to: to.edge) else {
            reader.report("window", "it can close before it opens", write: "an opening no later than the closing, for a discharge at any hour")
            return nil
        }
        return (edges, to.doubt ?? from.doubt)
    }

    /// What has not been announced cannot be prepared.
    private func checkOpening(of window: FollowUpWindow, trigger: RuleTrigger) {
        guard window.from.count < 0 || window.to.count < 0, !trigger.isExpectation else { return }
        reader.report(
            "window",
            "only what is expected can be prepared before it",
            write: "edges from J0 on, or the trigger discharge-planned or admission-planned"
        )
    }

    private func edge(_ key: String, in mapping: MappingReader) -> (edge: WindowEdge, doubt: String?)? {
        guard let text = mapping.text(key) else { return nil }
        if let edge = WindowEdge(text) { return (edge, nil) }
        if text.hasPrefix(Self.parameterMark) {
            let id = String(text.dropFirst(Self.parameterMark.count))
            if let parameter = context.parameters.first(where: { $0.id == id }) { return (parameter.value, parameter.doubt) }
            if context.flawed.contains(id) { return nil }
        }
        mapping.report(
            key,
            "« \(text.prefix(60)) » is not an edge",
            write: "\(WindowEdge.expected), or \(Self.parameterMark)<id of one of this file's parameters>"
        )
        return nil
    }

    private func minimumDataSet() -> [DataItem] {
        guard reader.has("minimumDataSet") else {
            reader.report("minimumDataSet", "the key is missing", write: "the list of what whoever gets the follow-up must be told")
            return []
        }
        var seen: Set<DataItem> = []
        return reader.texts("minimumDataSet", atMost: 40).compactMap { text, place in
            guard let item = DataItem(rawValue: text), seen.insert(item).inserted else {
                let known = DataItem.allCases.map(\.rawValue).joined(separator: ", ")
                reader.problems.report(
                    "« \(text) » is unknown or written twice",
                    write: "one of \(known)",
                    at: place,
                    path: reader.path("minimumDataSet")
                )
                return nil
            }
            return item
        }
    }

    private func supersedes() -> [RuleReference] {
        reader.texts("supersedes", atMost: 20).compactMap { text, place in
            guard let reference = RuleReference(text), Slug.make(reference.followUpProtocol) != nil, Slug.make(reference.rule) != nil,
                reference.followUpProtocol != context.protocolID
            else {
                reader.problems.report(
                    "« \(text) » is not a rule of another protocol",
                    write: "protocol/rule, as plain-home-discharge/gp-visit",
                    at: place,
                    path: reader.path("supersedes")
                )
                return nil
            }
            return reference
        }
    }

    private func recurrence(of window: FollowUpWindow, trigger: RuleTrigger) -> Recurrence? {
        guard reader.has("recurrence"), let mapping = reader.mapping("recurrence", keys: ["everyDays", "count"]) else { return nil }
        guard let everyDays = mapping.integer("everyDays", in: 1...366), let count = mapping.integer("count", in: 2...100) else { return nil }
        guard window.from.unit == .days, window.to.unit == .days, trigger == .discharge else {
            reader.report("recurrence", "only a window in days, opened by the discharge, can be repeated", write: "edges such as J0+7d")
            return nil
        }
        guard window.to.count + (count - 1) * everyDays <= WindowEdge.furthestDay else {
            reader.report("recurrence", "the last occurrence falls after a year", write: "fewer or nearer occurrences, within 366 days")
            return nil
        }
        return Recurrence(everyDays: everyDays, count: count)
    }
}
