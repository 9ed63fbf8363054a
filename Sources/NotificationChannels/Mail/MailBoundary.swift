/// What separates the parts of a mail (RFC 2046 §5.1.1): the same for the same message, and in no part by construction, because `=_` can
/// stand neither in quoted-printable text nor in base64.
struct MailBoundary {
    let text: String

    /// - Parameter id: letters, digits, `-`, `_`, `.` of a checked message; anything else is left out.
    init(_ level: StaticString, id: String) {
        text = "=_\(level)_" + String(decoding: id.utf8.filter(SafeBytes.isIdentifier).prefix(50), as: UTF8.self)
    }

    // The line end in front belongs to the delimiter (RFC 2046 §5.1.1), so that a part keeps its own.
    var opening: [UInt8] { Array("\r\n--\(text)\r\n".utf8) }
    var closing: [UInt8] { Array("\r\n--\(text)--\r\n".utf8) }
}
