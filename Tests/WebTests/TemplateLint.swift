import Testing

@testable import Web

/// Reads Mustache templates as text, and finds what Mustache itself would pass over in silence.
struct TemplateLint {
    indirect enum Node {
        case variable(String)
        case section(String, [Node])
        case partial(String, [Node])
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    let sources: [String: String]

    /// Variables of a page's template that its view model cannot answer, as « suivi: who ».
    func unknownVariables(of page: some PageModel) throws -> [String] {
        let root = Shape(page)
        return try check(parse(type(of: page).template.rawValue), [root], type(of: page).template.rawValue)
    }

    private func check(_ nodes: [Node], _ stack: [Shape], _ template: String) throws -> [String] {
        try nodes.flatMap { node -> [String] in
            switch node {
            case .variable(let name):
                return Shape.find(name, in: stack) == nil ? ["\(template): {{\(name)}}"] : []
            case .section(let name, let body):
                // A block of the layout, or of the page that fills it.
                if name.hasPrefix("$") { return try check(body, stack, template) }
                guard let found = Shape.find(name, in: stack) else { return ["\(template): {{#\(name)}}"] }
                return try found.children.flatMap { try check(body, stack + [$0], template) }
                    + Shape.ambiguity(name, stack).map { "\(template): \($0)" }
            case .partial(let name, let body):
                return try check(parse(name), stack, name) + check(body, stack, template)
            }
        }
    }

    private func parse(_ template: String) throws -> [Node] {
        guard let source = sources[template] else { throw Fault(description: "no template \(template)") }
        var tags: [String] = []
        var rest = source[...]
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { throw Fault(description: "\(template): unclosed tag") }
            tags.append(String(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        var reader = tags[...]
        let nodes = try nodes(&reader, until: nil, template)
        return nodes
    }

    private func nodes(_ tags: inout ArraySlice<String>, until end: String?, _ template: String) throws -> [Node] {
        var found: [Node] = []
        while let tag = tags.popFirst() {
            let name = String(tag.dropFirst())
            switch tag.first {
            case "/":
                guard name == end else { throw Fault(description: "\(template): {{\(tag)}} closes nothing") }
                return found
            case "#", "^": found.append(.section(name, try nodes(&tags, until: name, template)))
            case "$": found.append(.section("$\(name)", try nodes(&tags, until: name, template)))
            case "<": found.append(.partial(name, try nodes(&tags, until: name, template)))
            case ">": found.append(.partial(name, []))
            case "!": break
            default: found.append(.variable(tag))
            }
        }
        guard end == nil else { throw Fault(description: "\(template): {{#\(end ?? "")}} is not closed") }
        return found
    }
}

/// What a view model can answer, by reflection: nil optionals are known names without children.
struct Shape {
    private let value: Any

    init(_ value: Any) { self.value = value }

    /// What a section over it pushes.
    var children: [Shape] {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { Shape($0.value).children } ?? []
        case .collection: return mirror.children.map { Shape($0.value) }
        default: return [self]
        }
    }

    private func member(_ name: Substring) -> Shape? {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional { return mirror.children.first.flatMap { Shape($0.value).member(name) } }
        return mirror.children.first { $0.label.map { $0 == name } ?? false }.map { Shape($0.value) }
    }

    private var isOptional: Bool { Mirror(reflecting: value).displayStyle == .optional }

    static func find(_ name: String, in stack: [Shape]) -> Shape? {
        if name == "." { return stack.last }
        let parts = name.split(separator: ".")
        let scopes = name.hasPrefix(".") ? Array(stack.suffix(1)) : stack.reversed()
        guard let first = parts.first, let start = scopes.lazy.compactMap({ $0.member(first) }).first else { return nil }
        return parts.dropFirst().reduce(start) { shape, part in shape.flatMap { $0.member(part) } }
    }

    /// Mustache goes on to the surrounding scope where a name is nil: an optional must not share its name with one around it.
    static func ambiguity(_ name: String, _ stack: [Shape]) -> [String] {
        guard !name.hasPrefix("."), let first = name.split(separator: ".").first else { return [] }
        let holders = stack.reversed().compactMap { $0.member(first) }
        return holders.count > 1 && holders.first?.isOptional == true ? ["{{#\(name)}} falls through to an outer \(first); write {{#.\(name)}}"] : []
    }
}
