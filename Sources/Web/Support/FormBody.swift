import Foundation
import Hummingbird

/// What an HTML form sent (`application/x-www-form-urlencoded`). Of a field sent twice the first counts.
struct FormBody: Sendable {
    static let limit = 16 * 1_024

    let bytes: [UInt8]
    private let fields: [String: String]

    init(bytes: [UInt8]) {
        self.bytes = bytes
        var fields: [String: String] = [:]
        for pair in String(decoding: bytes, as: UTF8.self).split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(halves[0]), fields[name] == nil else { continue }
            fields[name] = halves.count == 2 ? Self.decoded(halves[1]) : ""
        }
        self.fields = fields
    }

    /// - Throws: `NIOTooManyBytesError` beyond `limit`.
    init(of request: Request) async throws {
        self.init(bytes: try await request.bytes(upTo: Self.limit))
    }

    /// Without the spaces around it; nil if the field is absent or blank.
    subscript(name: String) -> String? {
        let text = fields[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
        return text?.isEmpty == false ? text : nil
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
