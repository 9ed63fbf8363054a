/// Builds a protocol from its document; what is wrong goes to the reader's `problems`.
struct ProtocolReader {
    static let keys = [
        "id", "version", "title", "summary", "date", "appliesTo", "sources", "parameters", "solicitation", "escalation",
        "closesAfterDays", "rules",
    ]

    private let root: MappingReader

    init(_ root: MappingReader) {
        self.root = root
    }

    /// `nil` only when a problem was reported; a value may come with problems too, and is then of no use.
    func read() -> FollowUpProtocol? {
        let id = root.value("id", Slug.expected, make: Slug.make)
        let version = root.integer("version", in: 1...1_000_000)
        let title = root.text("title", limit: 80)
        let summary = root.text("summary", limit: 600)
        let date = root.value("date", ISODate.expectedDay, make: ISODate.day)
        let appliesTo = root.value(
            "appliesTo",
            FollowUpProtocol.Applicability.allCases.map(\.rawValue).joined(separator: ", "),
            make: FollowUpProtocol.Applicability.init(rawValue:)
        )
        var flawed: Set<String> = []
        let sources = sources(flawed: &flawed)
        let parameters = parameters(flawed: &flawed)
        let context = RuleReader.Context(
            protocolID: id ?? "",
            sources: sources,
            parameters: parameters,
            flawed: flawed,
            solicitation: root.solicitation(),
            escalation: root.escalation()
        )
        let closesAfterDays = root.optionalInteger("closesAfterDays", in: 1...366)
        let rules = rules(context)
        guard let id, let version, let title, let summary, let date, let appliesTo else { return nil }
        return FollowUpProtocol(
            id: id,
            version: version,
            title: title,
            summary: summary,
            date: date,
            sources: sources,
            appliesTo: appliesTo,
            parameters: parameters,
            closesAfterDays: closesAfterDays ?? FollowUpProtocol.usualClosingDays,
            rules: rules
        )
    }

    /// - Parameter flawed: gets the ids of those left out for a problem of their own: rules that refer to them are not at fault.
    private func sources(flawed: inout Set<String>) -> [FollowUpProtocol.Source] {
        var ids: Set<String> = []
        return root.mappings("sources", keys: ["id", "title", "date", "reference", "evidence"], atLeast: 1, atMost: 50).compactMap { reader in
            let id = reader.value("id", Slug.expected, make: Slug.make)
            let title = reader.text("title")
            let date = reader.value("date", ISODate.expectedPeriod, make: ISODate.period)
            let reference = reader.optionalText("reference")
            let evidence = reader.value("evidence", "read, excerpt or recalled", make: FollowUpProtocol.Source.Evidence.init(rawValue:))
            guard let id, let title, let date, let evidence else {
                flawed.formUnion(id.map { [$0] } ?? [])
                return nil
            }
            reader.requireNew(id, among: &ids)
            return FollowUpProtocol.Source(id: id, title: title, date: date, reference: reference, evidence: evidence)
        }
    }

    private func parameters(flawed: inout Set<String>) -> [FollowUpProtocol.Parameter] {
        var ids: Set<String> = []
        return root.mappings("parameters", keys: ["id", "value", "doubt"], atMost: 50).compactMap { reader in
            let id = reader.value("id", Slug.expected, make: Slug.make)
            let value = reader.value("value", WindowEdge.expected, make: { WindowEdge($0) })
            let doubt = reader.text("doubt", limit: 600)
            guard let id, let value, let doubt else {
                flawed.formUnion(id.map { [$0] } ?? [])
                return nil
            }
            reader.requireNew(id, among: &ids)
            return FollowUpProtocol.Parameter(id: id, value: value, doubt: doubt)
        }
    }

    private func rules(_ context: RuleReader.Context) -> [ProtocolRule] {
        var ids: Set<String> = []
        return root.mappings("rules", keys: RuleReader.keys, atLeast: 1, atMost: 100).compactMap { reader in
            guard let rule = RuleReader(reader, context).read() else { return nil }
            reader.requireNew(rule.id, among: &ids)
            return rule
        }
    }
}

extension MappingReader {
    /// Reports an id that an earlier element of the list has.
    func requireNew(_ id: String, key: String = "id", among ids: inout Set<String>) {
        guard ids.insert(id).inserted else {
            report(key, "« \(id) » is already used above", write: "another one")
            return
        }
    }
}
