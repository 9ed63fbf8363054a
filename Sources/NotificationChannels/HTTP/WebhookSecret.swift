internal import Crypto

/// A secret that an endpoint and we share (Standard Webhooks 1.0.0, "Signature scheme"): `whsec_` and base64 of 24 to 64 bytes.
/// Printing or reflecting it shows nothing.
public struct WebhookSecret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    /// `nil` when it is none.
    public init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let bytes = Base64.decode(String(text.dropFirst(6))), (24...64).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    public var description: String { "WebhookSecret" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
    ///
    /// - Parameters:
    ///   - id: the header webhook-id.
    ///   - timestamp: the header webhook-timestamp, in seconds since 1970.
    ///   - body: the bytes as they are sent.
    public func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Base64.encode(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: bytes)))
    }
}

extension WebhookSecret {
    /// Whether one of the signatures, separated by spaces, is ours over these: what a receiver checks. Takes as long for a wrong one as for a
    /// right one.
    ///
    /// - Parameter signatures: the header webhook-signature; kinds other than `v1` are passed over.
    public func verifies(_ signatures: String, id: String, timestamp: Int64, body: [UInt8]) -> Bool {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let key = SymmetricKey(data: bytes)
        var isOurs = false
        for signature in signatures.split(separator: " ").prefix(Self.mostSignatures) where signature.hasPrefix("v1,") {
            guard let code = Base64.decode(String(signature.dropFirst(3))) else { continue }
            isOurs = HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key) || isOurs
        }
        return isOurs
    }

    /// Secrets that are changed without a gap give two.
    private static let mostSignatures = 8
}
