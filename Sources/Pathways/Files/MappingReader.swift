internal import Yams

/// Reads one YAML mapping strictly: an unknown key, a missing one, a wrong type or size is reported with its place, and reading goes on.
///
/// Each method answers `nil` when it reported a problem (or when an optional key is absent): the caller builds its value only if
/// `problems` stays empty.
package struct MappingReader {
    package let path: String
    package let place: FilePlace?
    package let problems: FileProblems
    private var values: [String: Node] = [:]

    /// - Parameter keys: every key that may stand here.
    init?(_ node: Node, path: String, keys: [String], problems: FileProblems) {
        guard case .mapping(let mapping) = node else {
            problems.report("this must be a mapping", write: "write the keys \(keys.joined(separator: ", "))", at: node.place, path: path)
            return nil
        }
        self.path = path
        self.place = node.place
        self.problems = problems
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                problems.report("a key must be a word", write: "use one of \(keys.joined(separator: ", "))", at: key.place, path: path)
                continue
            }
            guard keys.contains(scalar.string) else {
                problems.report(
                    "unknown key \(Self.quoted(scalar.string))",
                    write: "use one of \(keys.joined(separator: ", "))",
                    at: scalar.place,
                    path: path
                )
                continue
            }
            values[scalar.string] = value
        }
    }

    // MARK: - Places

    package func has(_ key: String) -> Bool { values[key] != nil }

    /// The position of a key's value, or of the mapping when the key is absent.
    package func place(_ key: String) -> FilePlace? { values[key]?.place ?? place }

    package func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Reports a problem with a key's value.
    package func report(_ key: String, _ problem: String, write remedy: String) {
        problems.report(problem, write: remedy, at: place(key), path: path(key))
    }

    // MARK: - Scalars

    /// A text of 1 to `limit` characters on one line.
    package func text(_ key: String, limit: Int = 200) -> String? {
        guard let node = required(key) else { return nil }
        return text(node, path: path(key), limit: limit)
    }

    package func optionalText(_ key: String, limit: Int = 200) -> String? {
        has(key) ? text(key, limit: limit) : nil
    }

    /// A whole number within `range`.
    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = required(key) else { return nil }
        guard case .scalar(let scalar) = node, case .number(let digits) = ScalarText(scalar), let value = Int(digits), range.contains(value) else {
            report(key, "this must be a whole number", write: "a number from \(range.lowerBound) to \(range.upperBound), without quotes")
            return nil
        }
        return value
    }

    package func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        has(key) ? integer(key, in: range) : nil
    }

    /// A number within `range`, or `nil` when the key is absent.
    func optionalNumber(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = values[key] else { return nil }
        guard case .scalar(let scalar) = node, case .number(let digits) = ScalarText(scalar), let value = Double(digits), range.contains(value) else {
            report(key, "this must be a number", write: "a number from \(range.lowerBound) to \(range.upperBound), without quotes")
            return nil
        }
        return value
    }

    package func optionalBoolean(_ key: String) -> Bool? {
        guard let node = values[key] else { return nil }
        if case .scalar(let scalar) = node, case .word(let word) = ScalarText(scalar), word == "true" || word == "false" { return word == "true" }
        report(key, "this must be true or false", write: "true or false, without quotes")
        return nil
    }

    /// A text that `make` understands.
    package func value<Value>(_ key: String, _ expected: String, limit: Int = 200, make: (String) -> Value?) -> Value? {
        guard let text = text(key, limit: limit) else { return nil }
        guard let value = make(text) else {
            report(key, "\(Self.quoted(text)) is not accepted", write: expected)
            return nil
        }
        return value
    }

    package func optionalValue<Value>(_ key: String, _ expected: String, limit: Int = 200, make: (String) -> Value?) -> Value? {
        has(key) ? value(key, expected, limit: limit, make: make) : nil
    }

    /// A text that is an identifier; its own error says what is wrong.
    func identifier<Value>(_ key: String, make: (String) throws(IdentifierError) -> Value) -> Value? {
        guard let node = required(key) else { return nil }
        return identifier(node, path: path(key), make: make)
    }

    func optionalIdentifier<Value>(_ key: String, make: (String) throws(IdentifierError) -> Value) -> Value? {
        has(key) ? identifier(key, make: make) : nil
    }

    // MARK: - Lists

    /// The texts of a list; empty when the key is absent or a problem was reported.
    ///
    /// - Parameter one: whether a single text may stand for a list of one.
    package func texts(_ key: String, atMost count: Int = 1_000, orOne one: Bool = false) -> [(value: String, place: FilePlace?)] {
        if one, let node = values[key], case .scalar = node {
            return text(node, path: path(key), limit: 200).map { [($0, node.place)] } ?? []
        }
        return elements(key, atMost: count).compactMap { element in
            text(element.node, path: element.path, limit: 200).map { ($0, element.node.place) }
        }
    }

    /// The identifiers of a list; empty when the key is absent or a problem was reported.
    func identifiers<Value>(
        _ key: String,
        atMost count: Int = 5_000,
        make: (String) throws(IdentifierError) -> Value
    ) -> [(
        value: Value, place: FilePlace?
    )] {
        elements(key, atMost: count).compactMap { element in
            identifier(element.node, path: element.path, make: make).map { ($0, element.node.place) }
        }
    }

    /// The mappings of a list; an absent key is an empty list unless `atLeast` asks for more.
    package func mappings(_ key: String, keys: [String], atLeast minimum: Int = 0, atMost count: Int) -> [MappingReader] {
        if minimum > 0, required(key) == nil { return [] }
        let elements = elements(key, atMost: count)
        if has(key), elements.count < minimum {
            report(key, "the list is too short", write: "at least \(minimum) element(s)")
        }
        return elements.compactMap { MappingReader($0.node, path: $0.path, keys: keys, problems: problems) }
    }

    /// The mapping under a key.
    package func mapping(_ key: String, keys: [String]) -> MappingReader? {
        required(key).flatMap { MappingReader($0, path: path(key), keys: keys, problems: problems) }
    }

    /// Whether the key holds exactly this text and not a list.
    package func isWord(_ key: String, _ word: String) -> Bool {
        guard case .scalar(let scalar)? = values[key] else { return false }
        return scalar.string == word
    }

    // MARK: - Inside

    private func required(_ key: String) -> Node? {
        if let node = values[key] { return node }
        problems.report("the key \(key) is missing", write: "add \(key)", at: place, path: path)
        return nil
    }

    private func elements(_ key: String, atMost count: Int) -> [(node: Node, path: String)] {
        guard let node = values[key] else { return [] }
        guard case .sequence(let sequence) = node else {
            report(key, "this must be a list", write: "one element a line, each after « - »")
            return []
        }
        guard sequence.count <= count else {
            report(key, "the list has \(sequence.count) elements", write: "at most \(count)")
            return []
        }
        return sequence.enumerated().map { ($1, "\(path(key))[\($0)]") }
    }

    private func text(_ node: Node, path: String, limit: Int) -> String? {
        guard case .scalar(let scalar) = node else {
            problems.report("this must be a text", write: "a text", at: node.place, path: path)
            return nil
        }
        guard case .text(let text) = ScalarText(scalar) else {
            problems.report(
                "\(Self.quoted(scalar.string)) is not a text",
                write: "a text between quotes: \"\(scalar.string.prefix(40))\"",
                at: scalar.place,
                path: path
            )
            return nil
        }
        guard (1...limit).contains(text.unicodeScalars.count) else {
            problems.report("the text has \(text.unicodeScalars.count) characters", write: "1 to \(limit) characters", at: scalar.place, path: path)
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            problems.report("the text holds a line break or a control character", write: "one line of text", at: scalar.place, path: path)
            return nil
        }
        return text
    }

    private func identifier<Value>(_ node: Node, path: String, make: (String) throws(IdentifierError) -> Value) -> Value? {
        guard let text = text(node, path: path, limit: 200) else { return nil }
        do throws(IdentifierError) {
            return try make(text)
        } catch {
            problems.report("\(Self.quoted(text)) is not a valid \(error.identifier)", write: error.message, at: node.place, path: path)
            return nil
        }
    }

    private static func quoted(_ text: String) -> String {
        "« \(text.prefix(60)) »"
    }
}
