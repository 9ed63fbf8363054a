import Crypto
import EventStore

/// A public key that signs notes: a C2SP signed-note verifier key ("vkey"), `<name>+<key id>+<base64>`.
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    /// What a key signs, and how.
    public enum Algorithm: UInt8, Sendable, Hashable {
        /// Ed25519 over the note's text (signed-note, type 0x01).
        case ed25519 = 0x01
        /// Ed25519 over time and checkpoint, by a witness (tlog-cosignature v1, type 0x04).
        case cosignature = 0x04
    }

    /// Such as `relais.example/<territory>`; without space and plus.
    public let name: String
    public let algorithm: Algorithm
    /// The start of SHA-256(name ‖ 0x0A ‖ algorithm ‖ public key), big-endian.
    public let keyID: UInt32
    /// The 32 bytes of RFC 8032.
    public let publicKey: [UInt8]

    /// - Throws: ``TransparencyError`` `invalidKey` if the name is empty or has a space or plus, or the key is no Ed25519 key.
    public init(name: String, algorithm: Algorithm, publicKey: [UInt8]) throws {
        guard Self.isValid(name: name) else {
            throw TransparencyError(.invalidKey, "A key's name must not be empty, nor hold spaces, control characters or plus.")
        }
        guard publicKey.count == 32, (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil else {
            throw TransparencyError(.invalidKey, "The key of \(name) is not an Ed25519 public key.")
        }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        keyID = Self.keyID(name: name, algorithm: algorithm, publicKey: publicKey)
    }

    /// Reads a vkey, without line end.
    ///
    /// - Throws: ``TransparencyError`` `malformed` or `invalidKey`.
    public init(_ text: some StringProtocol) throws {
        // Base 64 may hold a plus, a name may not.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let id = HexText.decode(parts[1]), id.count == 4, let key = Base64.decode(parts[2]), let type = key.first else {
            throw TransparencyError(.malformed, "Not a verifier key: expected <name>+<8 hexadecimal digits>+<base64>.")
        }
        guard let algorithm = Algorithm(rawValue: type) else {
            throw TransparencyError(.invalidKey, "Verifier key of type \(type): only 1 (Ed25519) and 4 (cosignature) are known.")
        }
        try self.init(name: String(parts[0]), algorithm: algorithm, publicKey: Array(key.dropFirst()))
        guard HexText.encode(BigEndian.bytes(keyID)) == parts[1] else {
            throw TransparencyError(.malformed, "The verifier key of \(name) has another id than its name and key give.")
        }
    }

    /// The vkey, without line end.
    public var description: String {
        "\(name)+\(HexText.encode(BigEndian.bytes(keyID)))+\(Base64.encode([algorithm.rawValue] + publicKey))"
    }

    /// Whether `signature` (what follows the key id) is this key's over a note's text.
    public func isValid(_ signature: [UInt8], over text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        switch algorithm {
        case .ed25519:
            return key.isValidSignature(signature, for: Array(text.utf8))
        case .cosignature:
            guard let cosignature = Cosignature(bytes: signature) else { return false }
            return key.isValidSignature(cosignature.signature, for: Cosignature.message(time: cosignature.time, note: text))
        }
    }

    static func isValid(name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace && $0.value >= 0x20 }
    }

    private static func keyID(name: String, algorithm: Algorithm, publicKey: [UInt8]) -> UInt32 {
        let hash = Hash256.of(Array(name.utf8) + [0x0A, algorithm.rawValue] + publicKey)
        return hash.withBytes { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
    }
}
