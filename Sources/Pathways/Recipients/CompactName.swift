/// An identifier in as little memory as its spelling allows, and no other than it was: 32 lower-case hexadecimal digits (a stream, a message)
/// and a lower-case UUID (an event) are their 16 bytes, whatever else there may be stays the text that it is.
package enum CompactName: Hashable, Sendable {
    case hexadecimal(UInt64, UInt64)
    case uuid(UInt64, UInt64)
    case text(String)

    private static let hyphen = UInt8(ascii: "-")
    /// How many digits of a UUID stand before each of its hyphens.
    private static let groups = [8, 12, 16, 20]
    private static let digits = Array("0123456789abcdef".utf8)

    package init(_ text: String) {
        let read = text.utf8.withContiguousStorageIfAvailable(Self.read) ?? Array(text.utf8).withUnsafeBufferPointer(Self.read)
        self = read ?? .text(text)
    }

    /// As it was written.
    package var text: String {
        switch self {
        case .hexadecimal(let high, let low): Self.written(high, low, groups: [])
        case .uuid(let high, let low): Self.written(high, low, groups: Self.groups)
        case .text(let text): text
        }
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> CompactName? {
        let isUUID = bytes.count == 36
        guard isUUID || bytes.count == 32 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        var count = 0
        for (index, byte) in bytes.enumerated() {
            // Behind as many hyphens as there are groups before it.
            if isUUID, index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == hyphen else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if count < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            count += 1
        }
        return isUUID ? .uuid(high, low) : .hexadecimal(high, low)
    }

    private static func written(_ high: UInt64, _ low: UInt64, groups: [Int]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for index in 0..<32 {
            if groups.contains(index) { bytes.append(hyphen) }
            let half = index < 16 ? high : low
            bytes.append(digits[Int(half >> UInt64(60 - 4 * (index % 16)) & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
