/// The unique id of an event: a UUID, version 7 when made by ``EventIDGenerator`` (RFC 9562 §5.7), so that ids
/// grow with time and indexes over them grow at their end.
public struct EventID: Sendable, Hashable, Comparable, CustomStringConvertible {
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

    /// Reads the textual form `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, either case.
    public init?(_ text: some StringProtocol) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], let halves = Bits128.parse(hex: groups.joined()) else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    /// The 16 bytes, big-endian.
    public var bytes: [UInt8] { Bits128.bytes(high: high, low: low) }

    /// The textual UUID, lower case.
    public var description: String {
        let digits = Array(Bits128.hex(high: high, low: low).utf8)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
        return groups.joined(separator: "-")
    }

    public static func < (left: EventID, right: EventID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
