/// What MSH says (HL7 v2.5 §2.15.9), as far as it can be read: enough to acknowledge a message whose body, or whose header, is damaged.
public struct MessageHeader: Sendable, Hashable {
    /// The MSH segment itself.
    public let segment: Segment

    init(segment: Segment) {
        self.segment = segment
    }

    /// Reads the header of bytes that `Message(parsing:)` refused.
    ///
    /// `nil` when they do not start with `MSH` and a character that can separate fields: then nobody can be answered. Unusable
    /// encoding characters are replaced by the usual ones.
    public init?(lenientlyFrom received: [UInt8]) {
        let charset = CharsetDecision(for: received)
        let bytes = charset.utf8(received)
        guard
            let start = bytes.withUnsafeBufferPointer({ Message.headerStart(in: $0) }),
            bytes.withUnsafeBufferPointer({ Message.startsWithMSH($0, at: start) }), bytes.count > start + 3,
            Delimiters.isUsable(bytes[start + 3])
        else { return nil }
        let field = bytes[start + 3]
        let end = bytes[start...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? bytes.endIndex
        let declared = bytes[(start + 4)..<end].prefix { $0 != field }.prefix(4)
        let usual = Delimiters.standard
        let delimiters =
            declared.count == 4
            ? Delimiters(
                field: field,
                component: declared[declared.startIndex],
                repetition: declared[declared.startIndex + 1],
                escape: declared[declared.startIndex + 2],
                subcomponent: declared[declared.startIndex + 3]
            )
            : nil
        let buffer = MessageBuffer(
            bytes: bytes,
            delimiters: delimiters
                ?? Delimiters(
                    uncheckedField: field,
                    component: usual.component,
                    repetition: usual.repetition,
                    escape: usual.escape,
                    subcomponent: usual.subcomponent
                ),
            segments: [],
            charset: charset.charset
        )
        segment = Segment(buffer, MessageBuffer.SegmentRange(name: SegmentName.header.key, start: start, end: end))
    }

    /// MSH-3.
    public var sendingApplication: HD { HD(segment.field(3).repetition(1)) }
    /// MSH-4.
    public var sendingFacility: HD { HD(segment.field(4).repetition(1)) }
    /// MSH-5.
    public var receivingApplication: HD { HD(segment.field(5).repetition(1)) }
    /// MSH-6.
    public var receivingFacility: HD { HD(segment.field(6).repetition(1)) }
    /// MSH-7, when the message was created; `nil` when absent or malformed.
    public var timestamp: Timestamp? { segment.field(7).text.flatMap { Timestamp($0) } }
    /// MSH-9.
    public var messageType: MSG { MSG(segment.field(9).repetition(1)) }
    /// MSH-10, whole, delimiters included; `nil` when empty.
    public var controlID: String? { segment.field(10).wholeText }
    /// MSH-11, first component: `P` production, `T` training, `D` debugging.
    public var processingID: String? { segment.field(11).text }
    /// MSH-12, first component: `2.5`.
    public var version: String? { segment.field(12).text }
    /// MSH-15: whether a commit acknowledgement is wanted.
    public var acceptCondition: AcknowledgementCondition? { AcknowledgementCondition(rawValue: segment.field(15).text ?? "") }
    /// MSH-16: whether an application acknowledgement is wanted.
    public var applicationCondition: AcknowledgementCondition? { AcknowledgementCondition(rawValue: segment.field(16).text ?? "") }
    /// MSH-17, ISO 3166 country.
    public var country: String? { segment.field(17).text }
    /// MSH-18, first repetition.
    public var charsetLabel: String? { segment.field(18).text }
    /// MSH-21, first components: the profiles the message claims to follow.
    public var profiles: [String] { segment.field(21).repetitions.compactMap(\.text) }

    /// Enhanced when MSH-15 or MSH-16 is valued, original otherwise (HL7 v2.5 §2.9.2, §2.9.3).
    public var acknowledgementMode: AcknowledgementMode {
        segment.field(15).isEmpty && segment.field(16).isEmpty ? .original : .enhanced
    }
}
