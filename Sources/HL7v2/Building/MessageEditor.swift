/// Puts parts of a received message right, in the message's own delimiters; the rest stays byte for byte.
///
/// What the parser remarked on the message, and how its bytes were decoded, still holds of the result.
public struct MessageEditor: Sendable {
    /// The highest number of a field, repetition, component or sub-component that can be written, far above what any message has.
    public static let highestNumber = 999

    private let original: Message
    /// Per segment, its fields as written, the name first.
    private var segments: [[[UInt8]]]

    public init(_ message: Message) {
        original = message
        let separator = message.delimiters.field
        segments = message.segments.map { segment in
            segment.slice.bytes.split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
        }
    }

    /// Writes `value` at a place. A field, repetition, component or sub-component that is not there yet comes into being, and so does the
    /// segment after the last one of its name.
    ///
    /// - Parameters:
    ///   - location: at least a field; MSH-1 and MSH-2 stay as they are.
    ///   - value: in ER7, with the delimiters and escapes of the message; empty to clear the place.
    /// - Throws: `MessageEditError` if the place cannot be written, or the value would reach beyond it.
    public mutating func write(_ value: String, at location: Location) throws(MessageEditError) {
        guard let field = location.field, field <= Self.highestNumber, location.occurrence <= Self.highestNumber else { throw .noSuchPlace }
        let isHeader = location.segment == .header
        guard !isHeader || field > 2 else { throw .noSuchPlace }
        let path = try path(to: location)
        let bytes = Array(value.utf8)
        guard isContained(bytes, below: path) else { throw .valueReachesBeyond }
        let index = try index(of: location)
        // The name stands first; in MSH the separator itself is the first field.
        let place = isHeader ? field - 1 : field
        while segments[index].count <= place { segments[index].append([]) }
        segments[index][place] = Self.replacing(path[...], in: segments[index][place], with: bytes)
    }

    /// Moves fields back that a sender writes `places` too far: what stands in `field + places` belongs in `field`, and so on to the end of
    /// each segment of that name. A segment whose fields in between are filled is written as it should be, and left alone.
    public mutating func moveBack(_ segment: SegmentName, from field: Int, by places: Int) {
        guard field >= 1, places >= 1, field <= Self.highestNumber, places <= Self.highestNumber, segment != .header else { return }
        for index in segments.indices where name(at: index) == segment && segments[index].count > field {
            let gap = field..<min(field + places, segments[index].count)
            if segments[index][gap].allSatisfy(\.isEmpty) { segments[index].removeSubrange(gap) }
        }
    }

    /// The message as it reads now.
    /// - Throws: `ParseError` when the edits left no readable header.
    public func message() throws(ParseError) -> Message {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(original.buffer.bytes.count + 64)
        for segment in segments {
            for (index, field) in segment.enumerated() {
                if index > 0 { bytes.append(original.delimiters.field) }
                bytes.append(contentsOf: field)
            }
            bytes.append(0x0D)
        }
        let buffer = try Message(parsing: bytes).buffer
        return Message(
            buffer: MessageBuffer(
                bytes: buffer.bytes,
                delimiters: buffer.delimiters,
                segments: buffer.segments,
                charset: original.buffer.charset
            ),
            charset: original.charset,
            irregularities: original.irregularities
        )
    }

    // MARK: - Places

    private func name(at index: Int) -> SegmentName? {
        segments[index].first.flatMap { SegmentName(String(decoding: $0, as: UTF8.self)) }
    }

    /// The numbers to follow inside a field, each with what separates its siblings.
    private func path(to location: Location) throws(MessageEditError) -> [(number: Int, separator: UInt8)] {
        let delimiters = original.delimiters
        var path: [(number: Int, separator: UInt8)] = []
        let isDeep = location.component != nil
        let steps = [
            (location.repetition ?? (isDeep ? 1 : nil), delimiters.repetition), (location.component, delimiters.component),
            (location.subcomponent, delimiters.subcomponent),
        ]
        for (number, separator) in steps {
            guard let number else { continue }
            guard number <= Self.highestNumber else { throw .noSuchPlace }
            // A message without that delimiter has one part at that level.
            guard let separator else {
                guard number == 1 else { throw .noSuchPlace }
                continue
            }
            path.append((number, separator))
        }
        return path
    }

    /// The segment, which comes into being if it is the next of its name.
    private mutating func index(of location: Location) throws(MessageEditError) -> Int {
        let found = segments.indices.filter { name(at: $0) == location.segment }
        if location.occurrence >= 1, location.occurrence <= found.count { return found[location.occurrence - 1] }
        guard location.occurrence == found.count + 1 else { throw .noSuchPlace }
        let place = found.last.map { $0 + 1 } ?? segments.endIndex
        segments.insert([Array(location.segment.description.utf8)], at: place)
        return place
    }

    /// Whether the value ends no segment, no field and none of the parts above it.
    private func isContained(_ value: [UInt8], below path: [(number: Int, separator: UInt8)]) -> Bool {
        let outer = [original.delimiters.field, 0x0D, 0x0A] + path.map(\.separator)
        return !value.contains(where: outer.contains)
    }

    private static func replacing(_ path: ArraySlice<(number: Int, separator: UInt8)>, in bytes: [UInt8], with value: [UInt8]) -> [UInt8] {
        guard let step = path.first else { return value }
        var parts = bytes.split(separator: step.separator, omittingEmptySubsequences: false).map(Array.init)
        while parts.count < step.number { parts.append([]) }
        parts[step.number - 1] = replacing(path.dropFirst(), in: parts[step.number - 1], with: value)
        return Array(parts.joined(separator: [step.separator]))
    }
}
