/// One field of a segment: a view over its repetitions.
public struct Field: Sendable, Hashable {
    let slice: Slice

    init(_ slice: Slice) {
        self.slice = slice
    }

    /// The repetitions in order, empty ones between others included; none when the field is empty.
    public var repetitions: [Repetition] {
        slice.parts(separatedBy: slice.buffer.delimiters.repetition).map(Repetition.init)
    }

    /// The n-th repetition, from 1; empty when there is none.
    public func repetition(_ number: Int) -> Repetition {
        Repetition(slice.part(number, separatedBy: slice.buffer.delimiters.repetition))
    }

    /// The n-th component of the first repetition.
    public func component(_ number: Int) -> Component {
        repetition(1).component(number)
    }

    /// The first repetition read as a simple value: its first component's first sub-component.
    public var value: Value { slice.leadingValue }

    /// The text of `value`.
    public var text: String? { value.text }

    /// The field read as one piece of text, delimiters included: for a type without parts (ST), whatever a sender writes into it.
    public var wholeText: String? { slice.value.text }

    /// The field holds nothing, not even `""`.
    public var isEmpty: Bool { slice.isEmpty }

    /// The field as received, delimiters and escapes included.
    public var raw: String { slice.raw }
}
