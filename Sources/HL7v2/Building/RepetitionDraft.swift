/// A repetition to be written: its components. An array literal of texts gives one component each.
public struct RepetitionDraft: Sendable, Hashable {
    public var components: [ComponentDraft]

    public init(_ components: [ComponentDraft]) {
        self.components = components
    }

    /// One component; absent for `nil` or an empty text.
    public init(_ text: String?) {
        self.init([ComponentDraft(text)])
    }

    /// A received repetition, to be written again.
    public init(copying repetition: Repetition) {
        self.init(repetition.components.map(ComponentDraft.init(copying:)))
    }

    func encode(_ delimiters: Delimiters, into result: inout [UInt8]) {
        var end = result.count
        for (index, component) in components.enumerated() {
            if index > 0 { result.append(delimiters.component) }
            let start = result.count
            component.encode(delimiters, into: &result)
            if result.count > start { end = result.count }
        }
        result.removeSubrange(end...)
    }
}

extension RepetitionDraft: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }

    public init(arrayLiteral elements: ComponentDraft...) {
        self.init(elements)
    }
}
