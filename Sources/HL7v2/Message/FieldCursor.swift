/// Reads fields of one segment in rising order, in a single scan over it.
struct FieldCursor {
    private let slice: Slice
    private let separator: UInt8
    /// The number of the field that starts at `position`.
    private var number: Int
    private var position: Int

    /// Stands before the first field; in MSH, whose first field is the separator itself, before the second.
    init(_ segment: Segment) {
        slice = segment.slice
        separator = segment.slice.buffer.delimiters.field
        number = segment.isHeader ? 1 : 0
        position = segment.slice.start
    }

    /// The field of that number; empty when the segment stops before, or when the cursor has passed it.
    mutating func field(_ wanted: Int) -> Field {
        slice.buffer.bytes.withUnsafeBufferPointer { bytes in
            while number < wanted, position < slice.end {
                while position < slice.end, bytes[position] != separator { position += 1 }
                position += 1
                number += 1
            }
            guard number == wanted, position < slice.end else { return Field(Slice(slice.buffer, from: slice.end, to: slice.end)) }
            var end = position
            while end < slice.end, bytes[end] != separator { end += 1 }
            return Field(Slice(slice.buffer, from: position, to: end))
        }
    }
}
