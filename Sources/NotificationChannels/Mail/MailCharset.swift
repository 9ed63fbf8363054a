/// The character sets that French mail systems write headers in.
enum MailCharset {
    /// `nil` for a set that is not read here. A language behind `*` (RFC 2231 §5) does not count.
    static func decode(_ bytes: [UInt8], named name: String) -> String? {
        switch name.prefix(while: { $0 != "*" }).lowercased() {
        case "utf-8", "utf8", "us-ascii", "ascii": return String(decoding: bytes, as: UTF8.self)
        case "iso-8859-1", "latin1", "windows-1252", "cp1252", "iso-8859-15":
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }
}
