public import EventStore
import Pathways

/// The idempotency key of a request that came by HTTP or from the command line (I4): same key and body, same answer.
public struct RequestKey: Sendable, Hashable {
    public let key: String
    /// SHA-256 of everything that the request asks for.
    public let digest: Hash256

    public init(key: String, body: [UInt8]) {
        self.key = key
        digest = Hash256.of(body)
    }

    /// The key of the command that `caller` asks for.
    public func command(for caller: Caller) -> CommandKey {
        CommandKey(scope: "api", key: "\(caller.attribution.rpps)/\(key)", requestHash: digest, match: .keyAndBody)
    }
}
