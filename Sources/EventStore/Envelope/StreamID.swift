/// The name of a stream: 128 bits computed from what the stream is about, never looked up.
///
/// Ids made by ``StreamNaming`` reveal nothing about what they name. Order is that of the bytes.
public struct StreamID: Sendable, Hashable, Comparable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id whose big-endian form is `bytes`; nil unless there are exactly 16.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Bits128.byteCount, let halves = Array(bytes).withUnsafeBytes(Bits128.load) else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    /// The id printed as `hex`: exactly 32 hexadecimal digits of either case.
    public init?(hex: some StringProtocol) {
        guard let halves = Bits128.parse(hex: hex) else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    /// The 16 bytes, big-endian.
    public var bytes: [UInt8] { Bits128.bytes(high: high, low: low) }

    /// 32 lower-case hexadecimal digits: the CloudEvents `subject`.
    public var hex: String { Bits128.hex(high: high, low: low) }

    public var description: String { hex }

    public static func < (left: StreamID, right: StreamID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
