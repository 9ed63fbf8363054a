/// A text with its gaps: `{care}` is filled in, `[ … ]` is left out where something in it is not known, and reads as what follows its bar
/// then, if there is one. Brackets are not nested.
public struct TemplateText: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case words(String)
        case gap(TemplatePlaceholder)
    }

    enum Segment: Hashable, Sendable {
        case plain(Part)
        /// The parts, and what stands there if one of them is not known.
        case optional([Part], otherwise: String)
    }

    /// What is wrong with a text, and what to write.
    struct Flaw: Error, Hashable {
        let problem: String
        let remedy: String
    }

    private let segments: [Segment]

    /// Every placeholder in it.
    public let placeholders: Set<TemplatePlaceholder>

    /// - Parameter allowed: what it may have filled in.
    /// - Throws: `Flaw`.
    init(_ text: String, allowing allowed: Set<TemplatePlaceholder>) throws(Flaw) {
        var segments: [Segment] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "[") {
            segments += try Self.parts(rest[..<open]).map { .plain($0) }
            guard let close = rest[open...].firstIndex(of: "]") else {
                throw Flaw(problem: "a bracket is opened and not closed", remedy: "[ … ] around what may be left out")
            }
            segments.append(try Self.optional(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        segments += try Self.parts(rest).map { .plain($0) }
        self.segments = segments
        placeholders = Set(segments.flatMap(Self.gaps))
        try Self.check(text, segments, placeholders, allowed)
    }

    private static func check(
        _ text: String,
        _ segments: [Segment],
        _ placeholders: Set<TemplatePlaceholder>,
        _ allowed: Set<TemplatePlaceholder>
    ) throws(Flaw) {
        if let other = placeholders.subtracting(allowed).min(by: { $0.rawValue < $1.rawValue }) {
            let words = allowed.map { "{\($0.rawValue)}" }.sorted().joined(separator: ", ")
            throw Flaw(problem: "{\(other.rawValue)} may not stand here", remedy: "only \(words)")
        }
        for case .plain(.gap(let gap)) in segments where !gap.isCertain {
            throw Flaw(problem: "{\(gap.rawValue)} may be unknown", remedy: "[ … {\(gap.rawValue)} … ], which is left out then")
        }
        if text.contains("'") { throw Flaw(problem: "a straight apostrophe", remedy: "the typographic one: ’") }
        if text.contains("  ") { throw Flaw(problem: "two spaces follow each other", remedy: "one") }
    }

    private static func gaps(_ segment: Segment) -> [TemplatePlaceholder] {
        let parts: [Part] =
            switch segment {
            case .plain(let part): [part]
            case .optional(let parts, _): parts
            }
        return parts.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
    }

    private static func optional(_ text: Substring) throws(Flaw) -> Segment {
        let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = try parts(halves.first ?? "")
        let otherwise = halves.count > 1 ? String(halves[1]) : ""
        guard parts.contains(where: { if case .gap = $0 { true } else { false } }) else {
            throw Flaw(problem: "brackets around what is always known", remedy: "no brackets, or a {word} in them")
        }
        if otherwise.contains(where: { "{}[]|".contains($0) }) { throw Flaw(problem: "a gap after the bar", remedy: "plain words there") }
        return .optional(parts, otherwise: otherwise)
    }

    private static func parts(_ text: Substring) throws(Flaw) -> [Part] {
        var parts: [Part] = []
        var rest = text
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.words(try plain(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw Flaw(problem: "a brace is opened and not closed", remedy: "{care}")
            }
            let name = rest[rest.index(after: open)..<close]
            guard let gap = TemplatePlaceholder(rawValue: String(name)) else {
                let words = TemplatePlaceholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                throw Flaw(problem: "{\(name.prefix(40))} does not exist", remedy: words)
            }
            parts.append(.gap(gap))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.words(try plain(rest))) }
        return parts
    }

    private static func plain(_ text: Substring) throws(Flaw) -> String {
        guard !text.contains(where: { "{}[]|".contains($0) }) else {
            throw Flaw(problem: "a bracket, brace or bar that belongs to nothing", remedy: "[ … | … ] around what may be left out, {care}")
        }
        return String(text)
    }

    /// The text with its gaps filled; what is unknown and stands between no brackets leaves nothing.
    func filled(_ values: [TemplatePlaceholder: String]) -> String {
        segments.map { segment in
            switch segment {
            case .plain(let part): Self.words(part, values) ?? ""
            case .optional(let parts, let otherwise): Self.joined(parts.map { Self.words($0, values) }) ?? otherwise
            }
        }.joined()
    }

    private static func words(_ part: Part, _ values: [TemplatePlaceholder: String]) -> String? {
        switch part {
        case .words(let words): words
        case .gap(let gap): values[gap]
        }
    }

    private static func joined(_ parts: [String?]) -> String? {
        parts.contains { $0 == nil } ? nil : parts.compactMap { $0 }.joined()
    }
}
