/// `xtext`: how an ENVID and an ORCPT are written (RFC 3461 §4).
enum XText {
    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if SafeBytes.isVisible(byte), byte != UInt8(ascii: "+"), byte != UInt8(ascii: "=") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "+"), Hexadecimal.upper(byte >> 4), Hexadecimal.upper(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Tolerant: what is no escape stands for itself.
    static func decode(_ text: String) -> String {
        String(decoding: Hexadecimal.unescape(Array(text.utf8), mark: UInt8(ascii: "+")), as: UTF8.self)
    }
}
