/// A component to be written: its sub-components.
public struct ComponentDraft: Sendable, Hashable {
    public var subcomponents: [Value]

    public init(_ subcomponents: [Value]) {
        self.subcomponents = subcomponents
    }

    /// One sub-component; absent for `nil` or an empty text.
    public init(_ text: String?) {
        self.init([Value(text)])
    }

    /// A received component, to be written again.
    public init(copying component: Component) {
        self.init(component.subcomponents)
    }

    func encode(_ delimiters: Delimiters, into result: inout [UInt8]) {
        guard let last = subcomponents.lastIndex(where: { $0 != .absent && $0 != .text("") }) else { return }
        for (index, value) in subcomponents[...last].enumerated() {
            if index > 0, let separator = delimiters.subcomponent { result.append(separator) }
            switch value {
            case .absent: break
            case .null: result.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: "\"")])
            case .text(let text): Escaping.encode(text, delimiters: delimiters, into: &result)
            }
        }
    }
}

extension ComponentDraft: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral {
    public init(nilLiteral: ()) {
        self.init([])
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    public init(arrayLiteral elements: Value...) {
        self.init(elements)
    }
}
