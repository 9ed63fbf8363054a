import Foundation
import Testing

@testable import Backup

@Suite struct SecretsEnvelopeTests {
    private static let passphrase = "six words that nobody guesses, été"
    private let files = [
        SecretFile(name: "secrets/territory.key", bytes: Array(0...31)),
        SecretFile(name: "settings.yaml", bytes: Array("http: 8080\n".utf8)),
        SecretFile(name: "empty", bytes: []),
    ]
    /// Cheap, so that tests are quick.
    private let cost = ScryptCost(rounds: 1 << 10, blockSize: 8, parallelism: 1)

    private func error(_ body: () throws -> some Any) -> SecretsEnvelopeError? {
        do {
            _ = try body()
            return nil
        } catch { return error as? SecretsEnvelopeError }
    }

    @Test func `what was sealed comes out, and is not to be seen before`() throws {
        let envelope = SecretsEnvelope(cost: cost)
        let sealed = try envelope.seal(files, passphrase: Self.passphrase)
        #expect(try envelope.open(sealed, passphrase: Self.passphrase) == files)
        #expect(try SecretsEnvelope().open(sealed, passphrase: Self.passphrase) == files)
        let text = String(decoding: sealed, as: UTF8.self)
        #expect(!text.contains("territory") && !text.contains(Data("http: 8080\n".utf8).base64EncodedString()))
        #expect(try envelope.seal(files, passphrase: Self.passphrase) != sealed)
    }

    @Test func `the format stays what it is`() throws {
        // Made with this version; Python's hashlib.scrypt and AESGCM open it (see the README for the format).
        let fixed = SecretsEnvelope(cost: cost, random: { Array(repeating: 7, count: $0) })
        let sealed = try fixed.seal([SecretFile(name: "a", bytes: [1, 2, 3])], passphrase: Self.passphrase)
        #expect(String(decoding: sealed, as: UTF8.self) == Self.golden)
        #expect(try SecretsEnvelope().open(Array(Self.golden.utf8), passphrase: Self.passphrase).first?.bytes == [1, 2, 3])
    }

    private static let golden = """
        {"check":"/kcPfQ3RUuKNdpssxEWzfg==","format":"relais-secrets","kdf":{"n":1024,"name":"scrypt","p":1,"r":8,"salt":"BwcHBwcHBwcHBwcHBwcHBw=="},"nonce":"BwcHBwcHBwcHBwcH",\
        "sealed":"9S9Li3OdNXEySbVWVhZf7WEXjI9Ouwl2sVU0KflFTvno9AnvuodPrvzvxvry2jCPXDoTqvwaqA==","version":1}

        """

    @Test func `a passphrase in another normalisation form is the same`() throws {
        let envelope = SecretsEnvelope(cost: cost)
        let sealed = try envelope.seal(files, passphrase: Self.passphrase.precomposedStringWithCanonicalMapping)
        #expect(try envelope.open(sealed, passphrase: Self.passphrase.decomposedStringWithCanonicalMapping) == files)
    }

    @Test func `a wrong passphrase and a damaged file are told apart`() throws {
        let envelope = SecretsEnvelope(cost: cost)
        let sealed = try envelope.seal(files, passphrase: Self.passphrase)
        #expect(error { try envelope.open(sealed, passphrase: Self.passphrase + "!") } == .wrongPassphrase)
        #expect(error { try envelope.open(Array(sealed.prefix(100)), passphrase: Self.passphrase) } == .notAnEnvelope)
        #expect(error { try envelope.open([], passphrase: Self.passphrase) } == .notAnEnvelope)
        var object = try #require(try JSONSerialization.jsonObject(with: Data(sealed)) as? [String: Any])
        let text = try #require(object["sealed"] as? String)
        var content = try #require(Data(base64Encoded: text))
        content[content.startIndex + 5] ^= 1
        object["sealed"] = content.base64EncodedString()
        let damaged = Array(try JSONSerialization.data(withJSONObject: object))
        #expect(error { try envelope.open(damaged, passphrase: Self.passphrase) } == .damaged)
        object["version"] = 2
        let later = Array(try JSONSerialization.data(withJSONObject: object))
        #expect(error { try envelope.open(later, passphrase: Self.passphrase) } == .unknownVersion(2))
    }

    @Test func `no changed byte goes unnoticed`() throws {
        let envelope = SecretsEnvelope(cost: cost)
        let sealed = try envelope.seal([SecretFile(name: "k", bytes: [9])], passphrase: Self.passphrase)
        for index in sealed.indices.dropLast() {
            var changed = sealed
            changed[index] ^= 1
            let opened = try? envelope.open(changed, passphrase: Self.passphrase)
            #expect(opened == nil, "byte \(index)")
        }
    }

    @Test(arguments: ["n", "r", "p"])
    func `a file cannot ask for any amount of memory`(parameter: String) throws {
        let envelope = SecretsEnvelope(cost: cost)
        let sealed = try envelope.seal(files, passphrase: Self.passphrase)
        var object = try #require(try JSONSerialization.jsonObject(with: Data(sealed)) as? [String: Any])
        var derivation = try #require(object["kdf"] as? [String: Any])
        for value in [0, -1, 1 << 40] {
            derivation[parameter] = value
            object["kdf"] = derivation
            let changed = Array(try JSONSerialization.data(withJSONObject: object))
            #expect(error { try envelope.open(changed, passphrase: Self.passphrase) } == .unacceptableCost)
        }
    }

    @Test(arguments: ["", "/etc/passwd", "../key", "a//b", "a/.", "a/../b"])
    func `a name stays within its directory`(name: String) {
        #expect(
            error { try SecretsEnvelope(cost: cost).seal([SecretFile(name: name, bytes: [])], passphrase: Self.passphrase) } == .invalidName(name)
        )
    }

    @Test func `a short passphrase and a name twice are refused`() {
        let envelope = SecretsEnvelope(cost: cost)
        #expect(error { try envelope.seal(files, passphrase: "too short") } == .passphraseTooShort)
        #expect(error { try envelope.seal(files + files, passphrase: Self.passphrase) } == .invalidName("secrets/territory.key"))
    }
}
