extension Message {
    /// Reads one message, without its MLLP frame.
    ///
    /// Lenient where real feeds are: any delimiters, CR, LF or CRLF after segments, blank lines, a UTF-8 byte-order mark, a wrong
    /// character-set label, a doubled backslash in MSH-2; what was put right is in `irregularities`. An LF ends a segment only when
    /// a segment name, another line end or nothing follows; elsewhere it is text.
    ///
    /// - Throws: `ParseError` when no header can be read. `MessageHeader(lenientlyFrom:)` then says what is there.
    public init(parsing received: [UInt8]) throws(ParseError) {
        let charset = CharsetDecision(for: received)
        let bytes = charset.utf8(received)
        guard let headerStart = bytes.withUnsafeBufferPointer({ Self.headerStart(in: $0) }) else { throw .empty }
        guard bytes.withUnsafeBufferPointer({ Self.startsWithMSH($0, at: headerStart) }) else { throw .notAMessage }
        guard bytes.count > headerStart + 4 else { throw .truncatedHeader }
        let field = bytes[headerStart + 3]
        let declared = bytes[(headerStart + 4)...].prefix { $0 != field && !LineEnds.isLineEnd($0) }
        guard let first = declared.first else { throw .truncatedHeader }

        // In a doubled escape character (`^~\\&`) the second is passed over.
        let isDoubled = declared.count == 5 && declared[declared.startIndex + 2] == declared[declared.startIndex + 3]
        func character(_ index: Int) -> UInt8? {
            let place = declared.startIndex + index + (isDoubled && index > 2 ? 1 : 0)
            return place < declared.endIndex ? declared[place] : nil
        }
        let delimiters = Delimiters(field: field, component: first, repetition: character(1), escape: character(2), subcomponent: character(3))
        guard let delimiters else { throw .unusableDelimiters }

        var scan = SegmentScan(fieldSeparator: field)
        bytes.withUnsafeBufferPointer { scan.run(over: $0, from: headerStart) }
        var defects: [Irregularity] = []
        if scan.foundOtherThanCR { defects.append(.terminators) }
        if isDoubled || !(4...5).contains(declared.count) { defects.append(.delimiters) }
        if charset.isMismatch { defects.append(.charsetMismatch) }
        self.init(
            buffer: MessageBuffer(bytes: bytes, delimiters: delimiters, segments: scan.segments, charset: charset.charset),
            charset: charset,
            irregularities: defects
        )
    }

    /// Where the first byte that is neither a byte-order mark nor a line end nor a space lies.
    static func headerStart(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
        while index < bytes.count, LineEnds.isLineEnd(bytes[index]) || bytes[index] == 0x20 { index += 1 }
        return index < bytes.count ? index : nil
    }

    static func startsWithMSH(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        SegmentName.key(in: bytes, at: index) == SegmentName.header.key
    }
}

/// The one pass over a message that finds where its segments start and end.
private struct SegmentScan {
    let fieldSeparator: UInt8
    var segments: [MessageBuffer.SegmentRange] = []
    var foundOtherThanCR = false

    init(fieldSeparator: UInt8) {
        self.fieldSeparator = fieldSeparator
        segments.reserveCapacity(16)
    }

    mutating func run(over bytes: UnsafeBufferPointer<UInt8>, from first: Int) {
        var start = first
        var index = LineEnds.first(in: bytes, from: first)
        while index < bytes.count {
            // A run of line ends counts as one; only one without a CR may be text.
            var next = index
            var hasCR = false
            var hasLF = false
            while next < bytes.count, LineEnds.isLineEnd(bytes[next]) {
                if bytes[next] == 0x0D { hasCR = true } else { hasLF = true }
                next += 1
            }
            if hasCR || next == bytes.count || startsSegment(bytes, at: next) {
                if hasLF { foundOtherThanCR = true }
                close(bytes, from: start, to: index)
                start = next
            }
            index = LineEnds.first(in: bytes, from: next)
        }
        close(bytes, from: start, to: bytes.count)
    }

    private mutating func close(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        guard end > start else { return }
        let hasName = end - start == 3 || (end - start > 3 && bytes[start + 3] == fieldSeparator)
        let name = hasName ? SegmentName.key(in: bytes, at: start) ?? 0 : 0
        segments.append(MessageBuffer.SegmentRange(name: name, start: start, end: end))
    }

    private func startsSegment(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard SegmentName.key(in: bytes, at: index) != nil else { return false }
        return index + 3 == bytes.count || bytes[index + 3] == fieldSeparator || LineEnds.isLineEnd(bytes[index + 3])
    }
}
