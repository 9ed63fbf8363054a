/// One HL7 v2 message as an immutable value: its segments in order, over its bytes in UTF-8 with its own delimiters.
///
/// Parsing records where the segments are; fields, repetitions, components and sub-components are found when asked for. Numbers
/// count from 1 as in the standard. A place that the message does not have reads as absent, so a reader needs no bounds checks.
///
/// Two messages are equal when their delimiters and their segments are, whatever ended the segments on the wire.
public struct Message: Sendable {
    let buffer: MessageBuffer

    /// What the parser had to put right, in a fixed order, each at most once.
    public let irregularities: [Irregularity]
    /// How the bytes were turned into text.
    public let charset: CharsetDecision

    init(buffer: MessageBuffer, charset: CharsetDecision, irregularities: [Irregularity]) {
        self.buffer = buffer
        self.charset = charset
        self.irregularities = irregularities
    }

    /// The characters that cut this message up.
    public var delimiters: Delimiters { buffer.delimiters }

    /// Every segment, in order.
    public var segments: [Segment] {
        buffer.segments.map { Segment(buffer, $0) }
    }

    /// The first segment of that name.
    public func segment(_ name: SegmentName) -> Segment? {
        buffer.segments.first { $0.name == name.key }.map { Segment(buffer, $0) }
    }

    /// The segments of that name, in order.
    public func segments(_ name: SegmentName) -> [Segment] {
        buffer.segments.lazy.filter { $0.name == name.key }.map { Segment(buffer, $0) }
    }

    /// MSH, always the first segment.
    public var header: MessageHeader {
        MessageHeader(segment: Segment(buffer, buffer.segments.first ?? MessageBuffer.SegmentRange(name: 0, start: 0, end: 0)))
    }

    /// The message as it should travel: UTF-8, every segment ended by one CR. Only that differs from what was parsed.
    public var encoded: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(buffer.bytes.count + 1)
        for segment in buffer.segments {
            result.append(contentsOf: buffer.bytes[segment.start..<segment.end])
            result.append(0x0D)
        }
        return result
    }

    /// The value at one place of the first repetition: `message["PID", 8]`, `message["PV1", 3, 1]`.
    public subscript(segment: SegmentName, field: Int, component: Int = 1, subcomponent: Int = 1) -> Value {
        self.segment(segment)?.field(field).repetition(1).component(component).subcomponent(subcomponent) ?? .absent
    }

    /// The value at a location; what the location leaves open is the first.
    public subscript(location: Location) -> Value {
        let found = segments(location.segment)
        guard let field = location.field, location.occurrence >= 1, location.occurrence <= found.count else { return .absent }
        return found[location.occurrence - 1].field(field)
            .repetition(location.repetition ?? 1)
            .component(location.component ?? 1)
            .subcomponent(location.subcomponent ?? 1)
    }
}

extension Message: Hashable {
    public static func == (left: Message, right: Message) -> Bool {
        left.delimiters == right.delimiters && left.segments == right.segments
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(segments)
    }
}
