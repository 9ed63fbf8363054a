/// A text signed by one or more keys (C2SP signed-note). Signatures of unknown keys are kept.
public struct SignedNote: Sendable, Hashable, CustomStringConvertible {
    /// One signature line.
    public struct Signature: Sendable, Hashable, CustomStringConvertible {
        public var name: String
        public var keyID: UInt32
        /// What follows the key id.
        public var bytes: [UInt8]

        public init(name: String, keyID: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// Reads a line without its end; nil if it is no signature line.
        init?(line: some StringProtocol) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "—", VerifierKey.isValid(name: String(parts[1])),
                let bytes = Base64.decode(parts[2]), bytes.count > 4,
                let keyID = BigEndian.decode(bytes.prefix(4), as: UInt32.self)
            else { return nil }
            self.init(name: String(parts[1]), keyID: keyID, bytes: Array(bytes.dropFirst(4)))
        }

        /// The signature line, without its end.
        public var description: String { "— \(name) \(Base64.encode(BigEndian.bytes(keyID) + bytes))" }
    }

    /// Ends in a line feed.
    public var text: String
    public var signatures: [Signature]

    /// Longest note read, in bytes.
    public static let sizeLimit = 64 << 10
    /// Most signatures read; the specification asks for at least 16.
    public static let signatureLimit = 64

    public init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note.
    ///
    /// - Throws: ``TransparencyError`` `malformed`.
    public init(bytes: [UInt8]) throws {
        guard bytes.count <= Self.sizeLimit, let note = String(validating: bytes, as: UTF8.self) else {
            throw TransparencyError(.malformed, "Not a signed note: more than \(Self.sizeLimit) bytes, or not UTF-8.")
        }
        // Line feeds are told apart on bytes: to Swift a CR LF is one character.
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }), let gap = Self.lastEmptyLine(of: bytes), bytes.last == 0x0A else {
            throw TransparencyError(.malformed, "Not a signed note: control characters, or no empty line before the signatures.")
        }
        text = String(decoding: bytes[...gap], as: UTF8.self)
        let lines = bytes[(gap + 2)...].split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        guard 1...Self.signatureLimit ~= lines.count else {
            throw TransparencyError(.malformed, "A signed note has 1 to \(Self.signatureLimit) signatures, not \(lines.count).")
        }
        signatures = try lines.map { line in
            guard let signature = Signature(line: String(decoding: line, as: UTF8.self)) else {
                throw TransparencyError(.malformed, "A signed note has a line after its text that is no signature.")
            }
            return signature
        }
        // Only one text stands for a note.
        guard description == note else { throw TransparencyError(.malformed, "The signed note is not written as it should be.") }
    }

    /// The index of the line feed that ends the text.
    private static func lastEmptyLine(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 2 else { return nil }
        return (0..<bytes.count - 1).last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
    }

    /// The note as it is written.
    public var description: String {
        "\(text)\n" + signatures.map { "\($0)\n" }.joined()
    }

    public var bytes: [UInt8] { Array(description.utf8) }

    /// The signatures that are those of `keys`; others are ignored.
    ///
    /// - Throws: ``TransparencyError`` `badSignature` if one that names a key of `keys` is not valid; `notSigned` if there is none.
    @discardableResult
    public func verified(by keys: [VerifierKey]) throws -> [Signature] {
        let known = try signatures.filter { signature in
            guard let key = keys.first(where: { $0.name == signature.name && $0.keyID == signature.keyID }) else { return false }
            guard key.isValid(signature.bytes, over: text) else {
                throw TransparencyError(.badSignature, "The signature of \(key.name) is not over this text: do not trust it.")
            }
            return true
        }
        guard !known.isEmpty else { throw TransparencyError(.notSigned, "No trusted key has signed this text.") }
        return known
    }
}
