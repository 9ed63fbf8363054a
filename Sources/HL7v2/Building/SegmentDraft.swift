/// A segment to be written: its name and its fields.
public struct SegmentDraft: Sendable, Hashable {
    /// The highest field number that can be set, far above what any segment has.
    public static let highestField = 999

    public let name: SegmentName
    /// From field 1 on, without gaps.
    public private(set) var fields: [FieldDraft] = []

    public init(_ name: SegmentName) {
        self.name = name
    }

    /// A received segment, to be written again. `nil` when what stands in place of its name is not one.
    public init?(copying segment: Segment) {
        guard let name = segment.name else { return nil }
        self.name = name
        fields = segment.fields.prefix(Self.highestField).enumerated().map { index, field in
            name == .header && index < 2 ? FieldDraft(repetitions: []) : FieldDraft(copying: field)
        }
    }

    /// The n-th field, from 1; an empty one when it was not set. Numbers outside 1 to `highestField` read as empty and are not
    /// written. MSH-1 and MSH-2 are written by the message and ignored here.
    public subscript(number: Int) -> FieldDraft {
        get { number >= 1 && number <= fields.count ? fields[number - 1] : FieldDraft(repetitions: []) }
        set {
            guard (1...Self.highestField).contains(number) else { return }
            while fields.count < number { fields.append(FieldDraft(repetitions: [])) }
            fields[number - 1] = newValue
        }
    }

    func encode(_ delimiters: Delimiters, into result: inout [UInt8]) {
        name.write(into: &result)
        var end = result.count
        var written = fields[...]
        if name == .header {
            result.append(delimiters.field)
            delimiters.writeEncodingCharacters(into: &result)
            end = result.count
            written = fields.dropFirst(2)
        }
        for field in written {
            result.append(delimiters.field)
            let start = result.count
            field.encode(delimiters, into: &result)
            if result.count > start { end = result.count }
        }
        result.removeSubrange(end...)
        result.append(0x0D)
    }
}
