/// A witness's signature over a checkpoint and the time it saw it (C2SP tlog-cosignature, v1).
public struct Cosignature: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public var time: Int64
    /// Ed25519, 64 bytes.
    public var signature: [UInt8]

    public init(time: Int64, signature: [UInt8]) {
        self.time = time
        self.signature = signature
    }

    /// Reads what follows the key id in a signature line: 8 bytes of time, 64 of signature; nil if it is something else.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 72, let time = BigEndian.decode(bytes.prefix(8), as: Int64.self), time >= 0 else { return nil }
        self.init(time: time, signature: Array(bytes.dropFirst(8)))
    }

    var bytes: [UInt8] { BigEndian.bytes(time) + signature }

    /// What is signed.
    static func message(time: Int64, note: String) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(note)".utf8)
    }
}
