// Stands in for swift-crypto where a target needs ids and digests that depend on all of their input and on nothing else. What they are is no
// matter to it, and nothing here is secret: FNV-1a, four times with another start.

/// Anything that digests bytes.
public protocol HashFunction {
    associatedtype Digest
}

public struct SHA256: HashFunction {
    public typealias Digest = SHA256Digest

    private var lanes = (UInt64(0xCBF2_9CE4_8422_2325), UInt64(0x8422_2325_CBF2_9CE4), UInt64(0x9E37_79B9_7F4A_7C15), UInt64(0xBF58_476D_1CE4_E5B9))

    public init() {}

    public mutating func update(bufferPointer: UnsafeRawBufferPointer) {
        for byte in bufferPointer {
            lanes.0 = (lanes.0 ^ UInt64(byte)) &* 0x100_0000_01B3
            lanes.1 = (lanes.1 ^ UInt64(byte)) &* 0x100_0000_01B3
            lanes.2 = (lanes.2 ^ UInt64(byte)) &* 0x100_0000_01B3
            lanes.3 = (lanes.3 ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    public func finalize() -> SHA256Digest { SHA256Digest(lanes: lanes) }
}

public struct SHA256Digest {
    fileprivate let lanes: (UInt64, UInt64, UInt64, UInt64)

    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: lanes, body)
    }
}

public struct SymmetricKey: Sendable {
    fileprivate let data: [UInt8]

    public init(data: [UInt8]) { self.data = data }
}

public struct HMAC<Function: HashFunction>: Sendable {
    public struct MAC {
        fileprivate let digest: SHA256Digest

        public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            try digest.withUnsafeBytes(body)
        }
    }

    private var input: [UInt8]

    public init(key: SymmetricKey) { input = key.data }

    public mutating func update(data: [UInt8]) { input += data }

    public func finalize() -> MAC {
        var hash = SHA256()
        input.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return MAC(digest: hash.finalize())
    }
}
