import Foundation

/// Where a page of a list ended, and the position of the log at which the list is read: later pages see the same list. Opaque to clients.
struct Cursor: Hashable, Sendable {
    /// The position of the log that the whole list is read at.
    let asOf: Int64
    /// The last entry handed out.
    let after: Int64

    init(asOf: Int64, after: Int64) {
        self.asOf = asOf
        self.after = after
    }

    /// - Returns: nil for anything that `text` did not give.
    init?(_ text: String) {
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard text.utf8.count <= 64, let data = Data(base64Encoded: padded) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "1", let asOf = Int64(parts[1]), let after = Int64(parts[2]), asOf >= 0, after >= 0 else { return nil }
        self.init(asOf: asOf, after: after)
    }

    /// Base 64 for URLs, without padding.
    var text: String {
        Data("1:\(asOf):\(after)".utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
