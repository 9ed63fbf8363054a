internal import Timekeeping

/// The head of a mail under construction.
///
/// A value enters through one of the typed functions only, and none of these types can hold a line break: there is no way to write a
/// header that was not meant.
struct MailHeaders {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ name: StaticString, _ address: AddrSpec, displayName: String? = nil) {
        let displayName = String(String.UnicodeScalarView((displayName ?? "").unicodeScalars.filter { !SafeBytes.isControl($0) }))
        guard !displayName.isEmpty else { return write(name, "<\(address)>") }
        // An encoded word may stand for a phrase (RFC 2047 §5.3); plain words that are no atoms may not.
        let isPhrase = displayName.utf8.allSatisfy { SafeBytes.isAtomText($0) || $0 == UInt8(ascii: " ") }
        write(name, "\(EncodedWord.encode(displayName, always: !isPhrase))\r\n <\(address)>")
    }

    mutating func add(_ name: StaticString, _ messageID: MessageID) {
        write(name, messageID.headerValue)
    }

    mutating func add(_ name: StaticString, _ date: Instant) {
        write(name, MailDate.text(date))
    }

    /// Free text: encoded where it has to be.
    mutating func add(_ name: StaticString, text: String) {
        write(name, EncodedWord.encode(text))
    }

    /// Words that stand in this program.
    mutating func add(_ name: StaticString, _ value: StaticString) {
        write(name, "\(value)")
    }

    mutating func addContentType(_ type: StaticString, boundary: MailBoundary) {
        write("Content-Type", "\(type);\r\n boundary=\"\(boundary.text)\"")
    }

    /// The type and the name of a file (RFC 2183 §2.3, RFC 2231 §4). The type is checked by `RenderedMessage.flaw`; else it is one of bytes.
    mutating func addAttachment(mediaType: String, name: String) {
        write("Content-Type", SafeBytes.isMediaType(mediaType) ? mediaType : "application/octet-stream")
        if name.utf8.allSatisfy(SafeBytes.isIdentifier) {
            write("Content-Disposition", "attachment; filename=\"\(name)\"")
        } else {
            var encoded: [UInt8] = []
            for byte in name.utf8 {
                encoded += SafeBytes.isIdentifier(byte) ? [byte] : [UInt8(ascii: "%"), Hexadecimal.upper(byte >> 4), Hexadecimal.upper(byte & 15)]
            }
            write("Content-Disposition", "attachment;\r\n filename*=UTF-8''\(String(decoding: encoded, as: UTF8.self))")
        }
    }

    private mutating func write(_ name: StaticString, _ value: String) {
        bytes += Array("\(name): \(value)\r\n".utf8)
    }
}
