/// Writes a message segment by segment: strict where the parser is lenient (UTF-8, CR after each segment, everything escaped).
///
/// ```swift
/// var builder = MessageBuilder { msh in
///     msh[9] = ["ADT", "A03", "ADT_A03"]
///     msh[10] = "4711"
/// }
/// builder.append("PID") { pid in
///     pid[3] = ["000003", nil, nil, ["HOSPITAL", "850000001", "N"], "PI"]
/// }
/// let bytes = builder.encoded()
/// ```
/// Trailing empty parts are not written: a part that is empty and one that is missing mean the same (`Value.absent`).
public struct MessageBuilder: Sendable, Hashable {
    /// The delimiters written with, always a full set.
    public let delimiters: Delimiters
    /// The segments so far, MSH first.
    public private(set) var segments: [SegmentDraft]

    /// Starts a message with its MSH segment. MSH-1 and MSH-2 come from the delimiters, completed when they are not a full set.
    public init(delimiters: Delimiters = .standard, header: (inout SegmentDraft) -> Void) {
        self.delimiters = delimiters.completed
        var msh = SegmentDraft(.header)
        header(&msh)
        segments = [msh]
    }

    /// A received message, to be changed and sent on. Lines that are no segment are left out.
    public init(copying message: Message) {
        delimiters = message.delimiters.completed
        segments = message.segments.compactMap(SegmentDraft.init(copying:))
    }

    /// Adds a segment at the end.
    public mutating func append(_ name: SegmentName, _ fill: (inout SegmentDraft) -> Void) {
        var segment = SegmentDraft(name)
        fill(&segment)
        segments.append(segment)
    }

    /// Adds a segment at the end.
    public mutating func append(_ segment: SegmentDraft) {
        segments.append(segment)
    }

    /// The message in UTF-8, every segment ended by CR, without MLLP framing.
    public func encoded() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(1_024)
        for segment in segments {
            segment.encode(delimiters, into: &result)
        }
        return result
    }
}
