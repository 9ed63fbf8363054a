public import Timekeeping

/// Writes a JSON object member by member, in the order of the calls: the same value gives the same bytes, which hashes and golden
/// files rely on. An absent optional writes nothing.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {
        bytes.reserveCapacity(512)
    }

    /// The bytes of one object.
    public static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.braces(body)
        return writer.bytes
    }

    private mutating func braces(_ body: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    private mutating func name(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    public mutating func write(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        name(key)
        quote(text)
    }

    public mutating func write(_ key: StaticString, _ number: Int64?) {
        guard let number else { return }
        name(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    public mutating func write(_ key: StaticString, _ number: Int) { write(key, Int64(number)) }

    /// Writes nothing for `false`, which is what an absent flag reads as.
    public mutating func write(_ key: StaticString, flag: Bool) {
        guard flag else { return }
        name(key)
        bytes.append(contentsOf: "true".utf8)
    }

    /// Writes `false` too, where it says more than nothing.
    public mutating func write(_ key: StaticString, optionalFlag flag: Bool?) {
        guard let flag else { return }
        name(key)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    public mutating func write(_ key: StaticString, _ instant: Instant?) { write(key, instant?.rfc3339) }

    public mutating func write<Word: RawRepresentable<String>>(_ key: StaticString, _ word: Word?) { write(key, word?.rawValue) }

    public mutating func write(_ key: StaticString, object body: (inout JSONWriter) -> Void) {
        name(key)
        braces(body)
    }

    /// Writes nothing for an empty list, which is what an absent list reads as.
    public mutating func write(_ key: StaticString, _ strings: [String]) {
        list(key, strings) { writer, text in writer.quote(text) }
    }

    public mutating func write<Element>(_ key: StaticString, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void) {
        list(key, elements) { writer, element in writer.braces { body(&$0, element) } }
    }

    private mutating func list<Element>(_ key: StaticString, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void) {
        guard !elements.isEmpty else { return }
        name(key)
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in elements {
            separate()
            body(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    private mutating func quote(_ text: String) { Self.quote(text, to: &bytes) }

    static func quote(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            for byte in utf8 {
                switch byte {
                case UInt8(ascii: "\""): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\"")])
                case UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\\")])
                case 0..<0x20: bytes.append(contentsOf: Self.controlEscape(byte))
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func controlEscape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
