import Crypto
import Foundation

/// The 256-bit key under which all data keys of a data directory are wrapped.
///
/// It prints as its id; the key itself leaves only through ``base64``.
public struct MasterKey: Sendable, Hashable, CustomStringConvertible {
    public static let byteCount = 32

    /// 16 hexadecimal digits that name the key and tell nothing about it: HKDF-SHA-256 of the key, 8 bytes.
    public let id: String
    let key: SymmetricKey

    /// - Throws: ``SealingError`` `invalidMasterKey` unless there are 32 bytes that are not all alike.
    public init(bytes: some Collection<UInt8>) throws {
        guard bytes.count == Self.byteCount else {
            throw SealingError(.invalidMasterKey, "The master key has \(bytes.count) bytes; it must have \(Self.byteCount).")
        }
        guard Set(bytes).count > 1 else {
            throw SealingError(.invalidMasterKey, "The bytes of the master key are all alike: it was not made by a random source.")
        }
        self.init(key: SymmetricKey(data: Array(bytes)))
    }

    private init(key: SymmetricKey) {
        self.key = key
        let digest = HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array("relais master key id".utf8), outputByteCount: 8)
        id = digest.withUnsafeBytes { bytes in
            bytes.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0\(digits)" : digits
            }.joined()
        }
    }

    /// A new key from the system's random source.
    public static func generate() -> MasterKey {
        MasterKey(key: SymmetricKey(size: .bits256))
    }

    /// The key itself, to be stored where only its owner reads it.
    public var base64: String {
        key.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    public var description: String { "master key \(id)" }

    public static func == (left: MasterKey, right: MasterKey) -> Bool {
        left.key == right.key
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }
}
