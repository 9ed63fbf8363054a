/// A field to be written: its repetitions. An array literal gives the components of a single repetition, the common case.
public struct FieldDraft: Sendable, Hashable {
    public var repetitions: [RepetitionDraft]

    public init(repetitions: [RepetitionDraft]) {
        self.repetitions = repetitions
    }

    /// A simple value; absent for `nil` or an empty text.
    public init(_ text: String?) {
        self.init(repetitions: [RepetitionDraft(text)])
    }

    /// A simple value.
    public init(_ value: Value) {
        self.init(repetitions: [RepetitionDraft([ComponentDraft([value])])])
    }

    /// One repetition made of an `HD`.
    public init(_ hd: HD) {
        let parts = [hd.namespaceID, hd.universalID, hd.universalIDType]
        self.init(repetitions: [RepetitionDraft(parts.map { ComponentDraft([$0]) })])
    }

    /// A received field, to be written again.
    public init(copying field: Field) {
        self.init(repetitions: field.repetitions.map(RepetitionDraft.init(copying:)))
    }

    func encode(_ delimiters: Delimiters, into result: inout [UInt8]) {
        var end = result.count
        for (index, repetition) in repetitions.enumerated() {
            if index > 0, let separator = delimiters.repetition { result.append(separator) }
            let start = result.count
            repetition.encode(delimiters, into: &result)
            if result.count > start { end = result.count }
        }
        result.removeSubrange(end...)
    }
}

extension FieldDraft: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }

    public init(arrayLiteral elements: ComponentDraft...) {
        self.init(repetitions: [RepetitionDraft(elements)])
    }
}
