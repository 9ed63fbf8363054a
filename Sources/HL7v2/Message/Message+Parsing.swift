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
        guard let headerStart = Self.headerStart(in: bytes) else { throw .empty }
        guard bytes[headerStart...].starts(with: "MSH".utf8) else { throw .notAMessage }
        guard bytes.count > headerStart + 4 else { throw .truncatedHeader }
        let field = bytes[headerStart + 3]
        let encodingCharacters = bytes[(headerStart + 4)...].prefix { $0 != field && $0 != 0x0D && $0 != 0x0A }
        guard let first = encodingCharacters.first else { throw .truncatedHeader }

        var characters = Array(encodingCharacters)
        var defects: [Irregularity] = []
        if characters.count == 5, characters[2] == characters[3] {
            characters.remove(at: 3)
            defects.append(.delimiters)
        } else if !(4...5).contains(characters.count) {
            defects.append(.delimiters)
        }
        guard
            let delimiters = Delimiters(
                field: field,
                component: first,
                repetition: characters.count > 1 ? characters[1] : nil,
                escape: characters.count > 2 ? characters[2] : nil,
                subcomponent: characters.count > 3 ? characters[3] : nil
            )
        else { throw .unusableDelimiters }

        var scan = SegmentScan(fieldSeparator: field)
        bytes.withUnsafeBufferPointer { scan.run(over: $0, from: headerStart) }
        if scan.foundOtherThanCR { defects.insert(.terminators, at: 0) }
        if charset.isMismatch { defects.append(.charsetMismatch) }
        self.init(
            buffer: MessageBuffer(bytes: bytes, delimiters: delimiters, segments: scan.segments, charset: charset.charset),
            charset: charset,
            irregularities: defects
        )
    }

    /// Where the first byte that is neither a byte-order mark nor a line end lies.
    static func headerStart(in bytes: [UInt8]) -> Int? {
        let afterMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes[afterMark...].firstIndex { $0 != 0x0D && $0 != 0x0A && $0 != 0x20 }
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
        var index = first
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x0D || byte == 0x0A else {
                index += 1
                continue
            }
            var next = index + 1
            while next < bytes.count, bytes[next] == 0x0D || bytes[next] == 0x0A { next += 1 }
            if byte == 0x0A, next < bytes.count, !startsSegment(bytes, at: next), !bytes[index..<next].contains(0x0D) {
                index = next
                continue
            }
            if bytes[index..<next].contains(0x0A) { foundOtherThanCR = true }
            close(bytes, from: start, to: index)
            start = next
            index = next
        }
        if start < bytes.count {
            close(bytes, from: start, to: bytes.count)
        }
    }

    private mutating func close(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        guard end > start else { return }
        let hasName = end - start == 3 || (end - start > 3 && bytes[start + 3] == fieldSeparator)
        let name = hasName ? SegmentName(bytes: bytes[start..<start + 3])?.key ?? 0 : 0
        segments.append(MessageBuffer.SegmentRange(name: name, start: start, end: end))
    }

    private func startsSegment(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index + 3 <= bytes.count, SegmentName(bytes: bytes[index..<index + 3]) != nil else { return false }
        return index + 3 == bytes.count || bytes[index + 3] == fieldSeparator || bytes[index + 3] == 0x0D || bytes[index + 3] == 0x0A
    }
}
