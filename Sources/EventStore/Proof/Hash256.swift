import Crypto

/// A SHA-256 value held inline, so that a page of events costs no allocation for its hashes.
public struct Hash256: Sendable, Hashable, CustomStringConvertible {
    public static let byteCount = 32

    // The words are in memory order: their bytes are the hash as printed.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The hash whose bytes these are; nil unless there are exactly 32.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        words = (
            bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// The hash whose bytes these are; nil unless there are exactly 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount, let hash = Array(bytes).withUnsafeBytes({ Hash256(bytes: $0) }) else { return nil }
        self = hash
    }

    init(_ digest: SHA256Digest) {
        words = digest.withUnsafeBytes(Self.words)
    }

    init(_ code: HMAC<SHA256>.MAC) {
        words = code.withUnsafeBytes(Self.words)
    }

    private static func words(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
        return words
    }

    /// SHA-256 of `bytes`.
    public static func of(_ bytes: [UInt8]) -> Hash256 {
        bytes.withUnsafeBytes { of($0) }
    }

    /// SHA-256 of `bytes`.
    public static func of(_ bytes: UnsafeRawBufferPointer) -> Hash256 {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return Hash256(hasher.finalize())
    }

    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    public var description: String { hex }

    /// Gives the 32 bytes in place.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: words, body)
    }

    public static func == (left: Hash256, right: Hash256) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
