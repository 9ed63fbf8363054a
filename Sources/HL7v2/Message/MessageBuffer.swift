/// The bytes of one message in UTF-8, and where its segments lie: shared by all the views over it, never changed.
final class MessageBuffer: Sendable {
    struct SegmentRange: Sendable {
        /// `SegmentName.key`, or 0 when the first field is no segment name.
        let name: UInt32
        let start: Int
        /// Just after the last byte, terminator left out.
        let end: Int
    }

    let bytes: [UInt8]
    let delimiters: Delimiters
    let segments: [SegmentRange]
    /// What the bytes of an `\X..\` escape are when they are not UTF-8.
    let charset: Charset

    init(bytes: [UInt8], delimiters: Delimiters, segments: [SegmentRange], charset: Charset) {
        self.bytes = bytes
        self.delimiters = delimiters
        self.segments = segments
        self.charset = charset
    }
}
