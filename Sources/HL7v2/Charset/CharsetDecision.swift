/// Which character set a message's bytes are in, decided from the bytes first and the label second.
///
/// Labels are wrong in real feeds more often than bytes look like UTF-8 by chance: valid UTF-8 is UTF-8; otherwise MSH-18 decides
/// when it names a single-byte set; otherwise ISO 8859-15. The caller keeps the received bytes, so a decision can be reviewed.
public struct CharsetDecision: Sendable, Hashable {
    /// The set the bytes are read in.
    public let charset: Charset
    /// MSH-18 as received (first repetition), `nil` when empty.
    public let label: String?
    /// There are bytes outside ASCII and MSH-18 does not announce the set they are in (an empty MSH-18 announces ASCII).
    public let isMismatch: Bool

    public init(for bytes: [UInt8]) {
        let label = Self.label(in: bytes)
        self.label = label
        if Self.isASCII(bytes) {
            charset = .ascii
            isMismatch = false
            return
        }
        let announced = label.flatMap { Charset(label: $0) }
        if Self.isUTF8(bytes) {
            charset = .utf8
        } else if announced == .latin1 {
            charset = .latin1
        } else {
            charset = .latin9
        }
        isMismatch = announced != charset
    }

    /// `bytes` in UTF-8.
    public func utf8(_ bytes: [UInt8]) -> [UInt8] {
        switch charset {
        case .ascii, .utf8: bytes
        case .latin1, .latin9: SingleByteCharset(charset).utf8(bytes)
        }
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { raw in
            var index = 0
            while index + 8 <= raw.count {
                if raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
                index += 8
            }
            while index < raw.count {
                if raw[index] >= 0x80 { return false }
                index += 1
            }
            return true
        }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }

    /// MSH-18, read before anything is decoded: its characters are ASCII in every set.
    private static func label(in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { bytes in
            guard let start = Message.headerStart(in: bytes), Message.startsWithMSH(bytes, at: start), bytes.count > start + 5 else { return nil }
            let (field, component, repetition) = (bytes[start + 3], bytes[start + 4], bytes[start + 5])
            var index = start + 3
            var separators = 0
            while index < bytes.count, !LineEnds.isLineEnd(bytes[index]) {
                if bytes[index] == field { separators += 1 }
                index += 1
                if separators == 17 { break }
            }
            let labelStart = index
            while index < bytes.count, bytes[index] != field, bytes[index] != component, bytes[index] != repetition, !LineEnds.isLineEnd(bytes[index])
            {
                index += 1
            }
            guard separators == 17, labelStart < index else { return nil }
            return String(decoding: bytes[labelStart..<index], as: UTF8.self)
        }
    }
}
