import NotificationChannels
public import Pathways

/// Looks for what messages must not say: renders generated ones, on every channel, and reads them.
///
/// That open channels tell nothing is checked in three ways: each word is one of a short list; the same message about other patients,
/// places and cares reads the same; nothing of what the story is made of stands in it.
public struct TemplateLint {
    public typealias Rendering = @Sendable (_ past: any LogPast, TemplateBook, RenderingSettings) -> any MessageRenderer

    static let open: [ChannelKind] = [.email, .sms, .webhook, .inapp]

    private let book: TemplateBook
    private let rows: [NewsRow]
    private let settings: RenderingSettings
    private let territory: Territory
    private let rendering: Rendering

    /// - Parameter rendering: what is looked at; another one than the renderer itself in tests only.
    /// - Throws: `FileErrors` if the binary holds a territory that it cannot read, which its tests exclude.
    public init(
        book: TemplateBook,
        table: NewsTable,
        settings: RenderingSettings,
        rendering: @escaping Rendering = { LogRenderer(past: $0, book: $1, settings: $2) }
    ) throws(FileErrors) {
        self.book = book
        self.settings = settings
        self.rendering = rendering
        rows = Dictionary(table.rows.map { ($0.template, $0) }) { first, _ in first }.values.sorted { $0.template < $1.template }
        territory = try SampleCast.demoTerritory()
    }

    /// - Parameters:
    ///   - messages: how many are generated; each is rendered on every channel.
    ///   - seed: of the first one; the next have the next.
    ///   - limit: findings at most.
    /// - Returns: none if all is well.
    public func findings(messages: Int, seed: UInt64 = 1, limit: Int = 100) -> [LintFinding] {
        var findings: [LintFinding] = []
        for index in 0..<max(messages, 0) where findings.count < limit {
            let seed = seed &+ UInt64(index)
            let scene = LintScene(seed: seed, rows: rows, territory: territory)
            for channel in ChannelKind.allCases {
                for problem in problems(scene, channel).sorted(by: { $0.rawValue < $1.rawValue }) {
                    let templates = scene.message.items.map(\.key.template)
                    findings.append(LintFinding(problem: problem, channel: channel, templates: templates, seed: seed))
                }
            }
        }
        return Array(findings.prefix(limit))
    }

    // MARK: - One message

    private func problems(_ scene: LintScene, _ channel: ChannelKind) -> Set<LintFinding.Problem> {
        guard let rendered = render(scene.message, scene.past, channel) else { return [.failed] }
        var problems = LintWords.problems(rendered)
        if !isWellFormed(rendered, scene.message, channel) { problems.insert(.header) }
        if Self.open.contains(channel) {
            let rest = rendered.text.replacing(rendered.link ?? "", with: "")
            if !LintWords.isOpen(rest, items: scene.message.items.count)
                || !LintWords.isOpen(rendered.subject, items: scene.message.items.count)
            {
                problems.insert(.openText)
            }
            if LintWords.leaks(rest + "\n" + rendered.subject, of: scene.casts) { problems.insert(.leak) }
            if render(scene.message, scene.elsewhere, channel) != rendered { problems.insert(.tellsIdentity) }
            if rendered.html != nil || rendered.attachment != nil { problems.insert(.openText) }
        } else {
            // A subject travels further than its mail.
            if render(scene.message, scene.elsewhere, channel)?.subject != rendered.subject { problems.insert(.tellsIdentity) }
            // Whom nobody may name is nobody in particular.
            if scene.message.items.allSatisfy({ !$0.named }), render(scene.message, scene.others, channel) != rendered {
                problems.insert(.tellsIdentity)
            }
        }
        if channel == .sms {
            if rendered.text.unicodeScalars.count > GSMAlphabet.limit { problems.insert(.smsLength) }
            if !GSMAlphabet.contains(rendered.text) { problems.insert(.smsAlphabet) }
        }
        return problems
    }

    private func render(_ message: OutboxMessage, _ past: SamplePast, _ channel: ChannelKind) -> RenderedMessage? {
        try? rendering(past, book, settings).render(message, for: channel)
    }

    private func isWellFormed(_ rendered: RenderedMessage, _ message: OutboxMessage, _ channel: ChannelKind) -> Bool {
        rendered.link == "\(settings.base)/n/\(message.id)?c=\(channel.rawValue)"
            && rendered.text.contains(rendered.link ?? "")
            && rendered.id == message.id
            && rendered.messageID == "<\(message.id).\(channel.rawValue)@\(settings.domain)>"
            && rendered.keys == message.items.map { LogRenderer.key(of: $0.key) }
            && !rendered.subject.isEmpty && !rendered.subject.contains { $0.isNewline }
    }
}
