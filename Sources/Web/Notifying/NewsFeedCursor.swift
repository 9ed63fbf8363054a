import Foundation

/// Up to where somebody has read their feed. Opaque to clients.
struct NewsFeedCursor: Hashable, Sendable {
    static let start = NewsFeedCursor(outbox: "", number: 0)

    /// The outbox that the number is of.
    let outbox: String
    /// Of the last message read; 0 before the first.
    let number: Int64

    init(outbox: String, number: Int64) {
        self.outbox = outbox
        self.number = number
    }

    /// - Returns: nil for anything that `text` did not give.
    init?(_ text: String) {
        guard text.utf8.count <= 160, text.utf8.allSatisfy(Self.isOfBase64) else { return nil }
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n", let number = Int64(parts[2]), number >= 0, "\(number)" == parts[2] else { return nil }
        self.init(outbox: String(parts[1]), number: number)
    }

    /// Base 64 for URLs, without padding.
    var text: String {
        Data("n:\(outbox):\(number)".utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=",
            with: ""
        )
    }

    private static func isOfBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
