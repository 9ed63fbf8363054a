public import Crypto

/// Computes stream ids from what a stream is about, under the territory's key.
///
/// The id is the first 128 bits of HMAC-SHA-256(key, kind ‖ authority ‖ identifier), each part preceded by its
/// UTF-8 length as 8 big-endian bytes, so that no two triples give the same input. Without the key, ids cannot
/// be computed from visit numbers or identity numbers: they are not enumerable.
public struct StreamNaming: Sendable {
    /// Keyed once: each code begins from a copy.
    private let keyed: HMAC<SHA256>

    /// - Parameter key: the territory's HMAC key; changing it renames every stream.
    public init(key: SymmetricKey) {
        keyed = HMAC(key: key)
    }

    /// The id of the stream of this `kind` (`pathway`, `patient`, …) for `identifier` as issued by `authority`.
    public func id(kind: String, authority: String, identifier: String) -> StreamID {
        code(kind, authority, identifier).withUnsafeBytes { code in
            StreamID(
                high: UInt64(bigEndian: code.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: code.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// All 256 bits, for what must be recognised and never guessed: without the key nobody can try out what it was made of.
    public func digest(kind: String, authority: String, identifier: String) -> Hash256 {
        Hash256(code(kind, authority, identifier))
    }

    private func code(_ kind: String, _ authority: String, _ identifier: String) -> HMAC<SHA256>.MAC {
        var input: [UInt8] = []
        input.reserveCapacity(24 + kind.utf8.count + authority.utf8.count + identifier.utf8.count)
        for part in [kind, authority, identifier] {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { input.append(contentsOf: $0) }
            input.append(contentsOf: part.utf8)
        }
        var code = keyed
        code.update(data: input)
        return code.finalize()
    }
}
