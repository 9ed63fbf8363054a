/// The three characters that name a segment: `PID`, `ZBE`. A capital letter, then two capitals or digits (HL7 v2.5 §2.5.2).
public struct SegmentName: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The three bytes, first one highest.
    let key: UInt32

    /// `nil` unless `text` is a segment name.
    public init?(_ text: some StringProtocol) {
        self.init(bytes: text.utf8)
    }

    /// For names written in source code; use `init(_:)` on anything read. A literal that is no segment name is a programming
    /// error and stops at once.
    public init(stringLiteral literal: StaticString) {
        guard let name = SegmentName(literal.description) else { preconditionFailure("\(literal) is not a segment name") }
        self = name
    }

    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 3 else { return nil }
        var key: UInt32 = 0
        for byte in bytes {
            guard Self.extend(&key, with: byte) else { return nil }
        }
        self.key = key
    }

    /// The key of the name in the three bytes from `index` on; `nil` when they are no segment name, or fewer.
    static func key(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
        guard index + 3 <= bytes.count else { return nil }
        var key: UInt32 = 0
        for place in index..<index + 3 {
            guard extend(&key, with: bytes[place]) else { return nil }
        }
        return key
    }

    private static func extend(_ key: inout UInt32, with byte: UInt8) -> Bool {
        let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        guard isCapital || (isDigit && key != 0) else { return false }
        key = key << 8 | UInt32(byte)
        return true
    }

    func write(into bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: key >> 16))
        bytes.append(UInt8(truncatingIfNeeded: key >> 8))
        bytes.append(UInt8(truncatingIfNeeded: key))
    }

    public var description: String {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
