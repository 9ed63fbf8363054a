import Crypto

/// The key by which a log signs its checkpoints: Ed25519, from a 32-byte seed that the caller keeps.
public struct LogKey: Sendable {
    /// The public half, to be handed out.
    public let verifierKey: VerifierKey
    private let seed: SymmetricKey

    /// - Parameters:
    ///   - origin: the log's origin line and the key's name, such as `relais.example/<territory>`.
    ///   - seed: 32 random bytes, kept secret.
    /// - Throws: ``TransparencyError`` `invalidKey`.
    public init(origin: String, seed: [UInt8]) throws {
        (self.seed, verifierKey) = try Self.derive(name: origin, algorithm: .ed25519, seed: seed)
    }

    /// The origin line of the log.
    public var origin: String { verifierKey.name }

    /// Signs a text that ends in a line feed.
    public func sign(_ text: String) throws -> SignedNote.Signature {
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed.withUnsafeBytes { Array($0) })
        let signature = try key.signature(for: Array(text.utf8))
        return SignedNote.Signature(name: verifierKey.name, keyID: verifierKey.keyID, bytes: Array(signature))
    }

    static func derive(name: String, algorithm: VerifierKey.Algorithm, seed: [UInt8]) throws -> (SymmetricKey, VerifierKey) {
        guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw TransparencyError(.invalidKey, "The seed of a signing key has 32 bytes, not \(seed.count).")
        }
        let verifierKey = try VerifierKey(name: name, algorithm: algorithm, publicKey: Array(key.publicKey.rawRepresentation))
        return (SymmetricKey(data: seed), verifierKey)
    }
}
