/// One repetition of a field: a view over its components. The data-type readers (`CX`, `XPN`, …) are made of it.
public struct Repetition: Sendable, Hashable {
    let slice: Slice

    init(_ slice: Slice) {
        self.slice = slice
    }

    /// The components in order; none when the repetition is empty.
    public var components: [Component] {
        slice.parts(separatedBy: slice.buffer.delimiters.component).map(Component.init)
    }

    /// The n-th component, from 1; empty when there is none.
    public func component(_ number: Int) -> Component {
        Component(slice.part(number, separatedBy: slice.buffer.delimiters.component))
    }

    /// The repetition read as a simple value: the first component's first sub-component.
    public var value: Value { slice.leadingValue }

    /// The text of `value`.
    public var text: String? { value.text }

    /// The repetition holds nothing, not even `""`.
    public var isEmpty: Bool { slice.isEmpty }

    /// The repetition as received, delimiters and escapes included.
    public var raw: String { slice.raw }
}
