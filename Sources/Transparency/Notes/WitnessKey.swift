import Crypto

/// The key by which a witness cosigns checkpoints: Ed25519, from a 32-byte seed that the caller keeps. Not to be the same
/// seed as that of a ``LogKey``.
public struct WitnessKey: Sendable {
    /// The public half, to be handed out.
    public let verifierKey: VerifierKey
    private let seed: SymmetricKey

    /// - Parameters:
    ///   - name: such as `relais.example/<territory>/witness`.
    ///   - seed: 32 random bytes, kept secret.
    /// - Throws: ``TransparencyError`` `invalidKey`.
    public init(name: String, seed: [UInt8]) throws {
        (self.seed, verifierKey) = try LogKey.derive(name: name, algorithm: .cosignature, seed: seed)
    }

    /// Cosigns a checkpoint's text.
    ///
    /// - Parameter time: seconds since 1970-01-01T00:00:00Z.
    func cosign(_ text: String, at time: Int64) throws -> SignedNote.Signature {
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed.withUnsafeBytes { Array($0) })
        let signature = try key.signature(for: Cosignature.message(time: time, note: text))
        let cosignature = Cosignature(time: time, signature: Array(signature))
        return SignedNote.Signature(name: verifierKey.name, keyID: verifierKey.keyID, bytes: cosignature.bytes)
    }
}
