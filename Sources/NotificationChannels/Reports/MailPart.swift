/// A mail or a part of one: its fields, its content and, when it is a multipart, its own parts (RFC 2045, RFC 2046 §5.1).
/// Tolerant: what is broken is a part without parts. Bounded in depth and number.
struct MailPart {
    let fields: MailFields
    /// In lower case, without parameters: `multipart/report`.
    let type: String
    let parts: [MailPart]
    private let raw: ArraySlice<UInt8>

    private static let deepest = 8
    private static let mostParts = 50

    init(_ bytes: ArraySlice<UInt8>, depth: Int = 0) {
        (fields, raw) = MailFields.parse(bytes)
        let contentType = MailParameters(fields["content-type"] ?? "text/plain")
        type = contentType.value.lowercased()
        if type.hasPrefix("multipart/"), depth < Self.deepest, let boundary = contentType["boundary"], !boundary.isEmpty {
            parts = Self.split(raw, at: Array(boundary.utf8)).map { MailPart($0, depth: depth + 1) }
        } else {
            parts = []
        }
    }

    /// The content without its transfer encoding.
    var content: [UInt8] {
        switch fields["content-transfer-encoding"]?.lowercased() {
        case "base64": Base64.decodeTolerantly(raw)
        case "quoted-printable": QuotedPrintable.decode(Array(raw))
        default: Array(raw)
        }
    }

    /// This part and all parts in it, in their order.
    var all: [MailPart] { [self] + parts.flatMap(\.all) }

    private static func split(_ bytes: ArraySlice<UInt8>, at boundary: [UInt8]) -> [ArraySlice<UInt8>] {
        let mark = Array("--".utf8) + boundary
        var result: [ArraySlice<UInt8>] = []
        var rest = bytes
        var start: Int?
        while !rest.isEmpty, result.count < mostParts {
            let lineStart = rest.startIndex
            let line = MailFields.takeLine(&rest)
            guard line.starts(with: mark) else { continue }
            if let start { result.append(bytes[start..<max(start, lineStart)]) }
            start = rest.startIndex
            if line.dropFirst(mark.count).starts(with: "--".utf8) { return result }
        }
        // A part that nothing ends was cut off on its way: what is there counts.
        if let start, result.count < mostParts { result.append(bytes[start...]) }
        return result
    }
}
