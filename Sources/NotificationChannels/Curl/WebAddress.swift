/// An absolute `http` or `https` URL, taken apart as far as we need (RFC 3986 §3). Visible ASCII only, without user, password, fragment.
public struct WebAddress: Sendable, Hashable {
    public let text: String
    public let isEncrypted: Bool
    /// In lower case; an IPv6 address has its brackets.
    public let host: String
    public let port: Int

    /// `nil` when it is none.
    public init?(_ text: String) {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy(SafeBytes.isVisible) else { return nil }
        let lower = text.lowercased()
        isEncrypted = lower.hasPrefix("https://")
        guard isEncrypted || lower.hasPrefix("http://") else { return nil }
        let rest = lower.dropFirst(isEncrypted ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), !authority.contains("\\"), !rest.contains("#") else { return nil }
        let standard = isEncrypted ? 443 : 80
        let host: Substring
        let tail: Substring
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = authority[...bracket]
            tail = authority[authority.index(after: bracket)...]
            guard host.dropFirst().dropLast().utf8.allSatisfy({ SafeBytes.isAlphanumeric($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            tail = authority.dropFirst(host.count)
            guard SafeBytes.isHostName(host) else { return nil }
        }
        if tail.isEmpty {
            port = standard
        } else {
            guard tail.first == ":", let number = UInt16(tail.dropFirst()), number > 0 else { return nil }
            port = Int(number)
        }
        self.host = String(host)
        self.text = text
    }

    /// What one dead peer is counted by.
    var destination: String { "\(host):\(port)" }
}

extension WebAddress {
    /// Whether it names this machine: nothing leaves it, so that encryption may be missing.
    var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 < 0x3A } }
}
