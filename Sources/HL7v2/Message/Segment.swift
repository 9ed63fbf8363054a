/// One segment of a message: a view, cheap to pass around.
public struct Segment: Sendable, Hashable {
    let slice: Slice
    private let nameKey: UInt32

    init(_ buffer: MessageBuffer, _ range: MessageBuffer.SegmentRange) {
        slice = Slice(buffer, from: range.start, to: range.end)
        nameKey = range.name
    }

    /// The name, `nil` when what stands there is no segment name.
    public var name: SegmentName? { SegmentName(bytes: nameBytes) }

    /// What stands before the first field separator, as received.
    public var rawName: String { String(decoding: nameBytes, as: UTF8.self) }

    /// The segment as received, without its terminator.
    public var raw: String { slice.raw }

    /// The n-th field, from 1. In MSH the first is the field separator itself and the second the encoding characters.
    public func field(_ number: Int) -> Field {
        guard number >= 1, number < .max else { return Field(slice.part(0, separatedBy: separator)) }
        guard isHeader else { return Field(slice.part(number + 1, separatedBy: separator)) }
        if number == 1 {
            let position = min(slice.start + 3, slice.end)
            return Field(Slice(slice.buffer, from: position, to: min(position + 1, slice.end), isLiteral: true))
        }
        let part = slice.part(number, separatedBy: separator)
        return Field(number == 2 ? Slice(slice.buffer, from: part.start, to: part.end, isLiteral: true) : part)
    }

    /// The fields in order, empty ones between others included: in one scan, where `field(_:)` scans from the start for each.
    public var fields: [Field] {
        let parts = slice.parts(separatedBy: separator).dropFirst()
        guard isHeader, let encodingCharacters = parts.first else { return parts.map { Field($0) } }
        let declared = Slice(slice.buffer, from: encodingCharacters.start, to: encodingCharacters.end, isLiteral: true)
        return [field(1), Field(declared)] + parts.dropFirst().map { Field($0) }
    }

    /// How many fields the segment writes, empty ones included.
    public var fieldCount: Int {
        let separators = slice.bytes.reduce(into: 0) { count, byte in if byte == separator { count += 1 } }
        return isHeader && separators > 0 ? separators + 1 : separators
    }

    private var separator: UInt8 { slice.buffer.delimiters.field }

    var isHeader: Bool { nameKey == SegmentName.header.key }

    private var nameBytes: ArraySlice<UInt8> { slice.part(1, separatedBy: separator).bytes }
}

extension SegmentName {
    static let header: SegmentName = "MSH"
}
