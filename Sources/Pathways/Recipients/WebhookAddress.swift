internal import Foundation

/// Where the software of a practice takes news.
public enum WebhookAddress {
    static let expected = "an address that begins with https://, or with http:// on this machine itself"

    /// The most characters it may have.
    static let limit = 500

    /// The text itself; nil unless it is an https address with a host, without a password or a fragment. In clear only to the machine itself.
    public static func normalised(_ text: String) -> String? {
        guard text.utf8.count <= limit, text.utf8.allSatisfy({ $0 > UInt8(ascii: " ") && $0 < 0x7F }),
            let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
            parts.fragment == nil, parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        switch parts.scheme?.lowercased() {
        case "https": return text
        case "http": return loopback.contains(host.lowercased()) ? text : nil
        default: return nil
        }
    }

    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1", "[::1]"]
}
