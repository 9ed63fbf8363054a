import Crypto
import CryptoExtras
import Foundation

/// A set of small secret files, sealed under a passphrase: scrypt (RFC 7914), then AES-256-GCM. The format is in this
/// target's README.
public struct SecretsEnvelope: Sendable {
    /// Characters a passphrase must have at least; six random words have more than twenty.
    public static let shortestPassphrase = 12

    private static let format = "relais-secrets"
    private static let version = 1
    private static let saltLength = 16
    private static let nonceLength = 12
    private static let keyLength = 32
    private static let checkLength = 16
    private static let tagLength = 16

    private let cost: ScryptCost
    private let random: @Sendable (Int) -> [UInt8]

    /// - Parameters:
    ///   - cost: of envelopes sealed; those opened carry their own.
    ///   - random: gives that many bytes of a cryptographic generator.
    public init(cost: ScryptCost = .standard, random: @escaping @Sendable (Int) -> [UInt8] = Self.systemRandom) {
        self.cost = cost
        self.random = random
    }

    /// Bytes of the system's cryptographic generator.
    public static let systemRandom: @Sendable (Int) -> [UInt8] = { count in
        SymmetricKey(size: .init(bitCount: count * 8)).withUnsafeBytes { Array($0) }
    }

    /// Seals `files`.
    ///
    /// - Throws: ``SecretsEnvelopeError`` `passphraseTooShort`, `invalidName`, `unacceptableCost`, `keyDerivationFailed`.
    public func seal(_ files: [SecretFile], passphrase: String) throws -> [UInt8] {
        guard passphrase.count >= Self.shortestPassphrase else { throw SecretsEnvelopeError.passphraseTooShort }
        try Self.check(files.map(\.name))
        guard cost.isAcceptable else { throw SecretsEnvelopeError.unacceptableCost }
        let salt = Data(random(Self.saltLength))
        let header = Self.header(cost, salt)
        let keys = try Self.keys(passphrase, salt, cost)
        let content = Content(files: files.map { Content.File(name: $0.name, bytes: Data($0.bytes)) })
        let box = try AES.GCM.seal(
            Self.encoder.encode(content),
            using: keys.sealing,
            nonce: AES.GCM.Nonce(data: random(Self.nonceLength)),
            authenticating: header
        )
        let document = Document(
            format: Self.format,
            version: Self.version,
            kdf: Document.Derivation(name: "scrypt", n: cost.rounds, r: cost.blockSize, p: cost.parallelism, salt: salt),
            check: Self.check(keys.check, header),
            nonce: Data(box.nonce),
            sealed: box.ciphertext + box.tag
        )
        return try Array(Self.encoder.encode(document)) + [UInt8(ascii: "\n")]
    }

    /// Opens what ``seal(_:passphrase:)`` made.
    ///
    /// - Throws: ``SecretsEnvelopeError``; `wrongPassphrase` and `damaged` are told apart.
    public func open(_ envelope: [UInt8], passphrase: String) throws -> [SecretFile] {
        let document = try Self.parse(envelope)
        let cost = ScryptCost(rounds: document.kdf.n, blockSize: document.kdf.r, parallelism: document.kdf.p)
        guard cost.isAcceptable else { throw SecretsEnvelopeError.unacceptableCost }
        let header = Self.header(cost, document.kdf.salt)
        let keys = try Self.keys(passphrase, document.kdf.salt, cost)
        guard Self.check(keys.check, header) == document.check else { throw SecretsEnvelopeError.wrongPassphrase }
        let content: Content
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: document.nonce),
                ciphertext: document.sealed.dropLast(Self.tagLength),
                tag: document.sealed.suffix(Self.tagLength)
            )
            content = try JSONDecoder().decode(Content.self, from: AES.GCM.open(box, using: keys.sealing, authenticating: header))
        } catch {
            throw SecretsEnvelopeError.damaged
        }
        try Self.check(content.files.map(\.name))
        return content.files.map { SecretFile(name: $0.name, bytes: Array($0.bytes)) }
    }

    private static func parse(_ envelope: [UInt8]) throws -> Document {
        guard let mark = try? JSONDecoder().decode(Mark.self, from: Data(envelope)), mark.format == format else {
            throw SecretsEnvelopeError.notAnEnvelope
        }
        guard mark.version == version else { throw SecretsEnvelopeError.unknownVersion(mark.version) }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(envelope)), document.kdf.name == "scrypt",
            document.kdf.salt.count == saltLength, document.check.count == checkLength, document.nonce.count == nonceLength,
            document.sealed.count >= tagLength
        else { throw SecretsEnvelopeError.notAnEnvelope }
        return document
    }

    /// Names must stay within the directory they are restored into.
    private static func check(_ names: [String]) throws {
        var seen: Set<String> = []
        for name in names {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && !name.utf8.contains(0)
            guard isPlain, seen.insert(name).inserted else { throw SecretsEnvelopeError.invalidName(name) }
        }
    }

    // MARK: Keys

    private static func header(_ cost: ScryptCost, _ salt: Data) -> Data {
        Data("\(format)/\(version)/scrypt/\(cost.rounds)/\(cost.blockSize)/\(cost.parallelism)/\(salt.base64EncodedString())".utf8)
    }

    private static func keys(_ passphrase: String, _ salt: Data, _ cost: ScryptCost) throws -> (sealing: SymmetricKey, check: SymmetricKey) {
        // The same words typed on another keyboard may come in another normalisation form.
        let words = Data(passphrase.precomposedStringWithCanonicalMapping.utf8)
        do {
            let bytes = try KDF.Scrypt.deriveKey(
                from: words,
                salt: salt,
                outputByteCount: 2 * keyLength,
                rounds: cost.rounds,
                blockSize: cost.blockSize,
                parallelism: cost.parallelism
            ).withUnsafeBytes { Array($0) }
            return (SymmetricKey(data: bytes.prefix(keyLength)), SymmetricKey(data: bytes.suffix(keyLength)))
        } catch {
            throw SecretsEnvelopeError.keyDerivationFailed
        }
    }

    private static func check(_ key: SymmetricKey, _ header: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: header, using: key)).prefix(checkLength)
    }

    // MARK: JSON

    private struct Mark: Decodable {
        var format: String
        var version: Int
    }

    private struct Document: Codable {
        struct Derivation: Codable {
            var name: String
            var n: Int
            var r: Int
            var p: Int
            var salt: Data
        }

        var format: String
        var version: Int
        var kdf: Derivation
        var check: Data
        var nonce: Data
        var sealed: Data
    }

    private struct Content: Codable {
        struct File: Codable {
            var name: String
            var bytes: Data
        }

        var files: [File]
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
