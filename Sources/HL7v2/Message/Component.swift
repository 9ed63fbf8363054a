/// One component of a repetition: a view over its sub-components.
public struct Component: Sendable, Hashable {
    let slice: Slice

    init(_ slice: Slice) {
        self.slice = slice
    }

    /// The sub-components in order; none when the component is empty.
    public var subcomponents: [Value] {
        slice.parts(separatedBy: slice.buffer.delimiters.subcomponent).map(\.value)
    }

    /// The n-th sub-component, from 1; absent when there is none.
    public func subcomponent(_ number: Int) -> Value {
        slice.part(number, separatedBy: slice.buffer.delimiters.subcomponent).value
    }

    /// The component read as a simple value: its first sub-component.
    public var value: Value { slice.leadingValue }

    /// The text of `value`.
    public var text: String? { value.text }

    /// The component holds nothing, not even `""`.
    public var isEmpty: Bool { slice.isEmpty }

    /// The component as received, delimiters and escapes included.
    public var raw: String { slice.raw }
}
