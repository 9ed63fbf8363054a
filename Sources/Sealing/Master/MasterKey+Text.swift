import Foundation

extension MasterKey {
    /// Reads a key as it is kept: 64 hexadecimal digits or base64 (either alphabet, padded or not) with white space around
    /// it, or 32 raw bytes.
    ///
    /// - Throws: ``SealingError`` `invalidMasterKey`, which tells the length and nothing of the content.
    init(stored: [UInt8]) throws {
        if stored.count == Self.byteCount, !stored.allSatisfy(Self.isText) {
            try self.init(bytes: stored)
            return
        }
        let text = Self.trimmed(stored)
        guard let bytes = Self.decodedHex(text) ?? Self.decodedBase64(text), bytes.count == Self.byteCount else {
            throw SealingError(
                .invalidMasterKey,
                "What was given as the master key has \(text.count) bytes and is neither 64 hexadecimal digits, nor base64 of 32 bytes, nor 32 random bytes."
            )
        }
        try self.init(bytes: bytes)
    }

    /// Printable ASCII and white space. 32 random bytes are all of it once in 10^13 times; a passphrase always is.
    private static func isText(_ byte: UInt8) -> Bool {
        32...126 ~= byte || isSpace(byte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 32 || 9...13 ~= byte
    }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var text = bytes[...]
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text.drop(while: isSpace)
    }

    private static func decodedHex(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count == 2 * byteCount else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(value))
                high = nil
            } else {
                high = UInt8(value)
            }
        }
        return bytes
    }

    private static func decodedBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var standard = text.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while !standard.count.isMultiple(of: 4) { standard.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(standard)).map { Array($0) }
    }
}
