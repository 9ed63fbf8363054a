import Foundation

/// Where messages lead to, and under whose name their ids are.
public struct RenderingSettings: Sendable, Hashable {
    /// The longest address that leaves a text message room for its words.
    public static let baseLimit = 60

    public enum Flaw: Error, Sendable, Hashable, CustomStringConvertible {
        case base
        case domain

        public var description: String {
            switch self {
            case .base:
                "the address of this installation must begin with https:// (or http:// on this machine), hold no query, no password and no "
                    + "fragment, and have at most \(RenderingSettings.baseLimit) characters of ASCII"
            case .domain: "the domain of message ids must be a host name, as relais.example"
            }
        }
    }

    /// Without a slash at its end.
    let base: String
    let domain: String

    /// - Parameters:
    ///   - base: the address under which people reach this installation.
    ///   - domain: of `Message-ID` headers.
    /// - Throws: `Flaw`.
    public init(base: String, domain: String) throws(Flaw) {
        var base = base[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        guard base.utf8.count <= Self.baseLimit, base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: String(base)), let host = parts.host, !host.isEmpty, parts.query == nil,
            parts.fragment == nil,
            parts.user == nil, parts.password == nil,
            parts.scheme == "https" || parts.scheme == "http" && ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
        else { throw .base }
        // `~`, `[`, `]`, `{`, `}`, `^`, `\`, `|` count twice in a text message.
        guard GSMAlphabet.contains(String(base)) || host.contains(":") else { throw .base }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...200).contains(domain.utf8.count), labels.allSatisfy({ Self.isLabel($0) }) else { throw .domain }
        self.base = String(base)
        self.domain = domain
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }
}
