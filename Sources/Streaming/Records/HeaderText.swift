/// Numbers and identifiers as the text of headers, without a `String` in between: this runs for every event.
enum HeaderText {
    /// Lower-case hexadecimal digits.
    static func hex(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { text, count in
            var at = 0
            for byte in bytes {
                text[at] = digit(byte >> 4)
                text[at + 1] = digit(byte & 15)
                at += 2
            }
            count = at
        }
    }

    static func hex(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { hex($0) } }

    static func hex(_ number: UInt64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { hex($0) } }

    /// The textual UUID of 16 bytes.
    static func uuid(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 36) { text, count in
            var at = 0
            for (index, byte) in bytes.prefix(16).enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[at] = UInt8(ascii: "-")
                    at += 1
                }
                text[at] = digit(byte >> 4)
                text[at + 1] = digit(byte & 15)
                at += 2
            }
            count = at
        }
    }

    static func decimal(_ number: Int64) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { text, count in
            var magnitude = number.magnitude
            var at = 20
            repeat {
                at -= 1
                text[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            if number < 0 {
                at -= 1
                text[at] = UInt8(ascii: "-")
            }
            for index in at..<20 { text[index - at] = text[index] }
            count = 20 - at
        }
    }

    /// The bytes of hexadecimal digits of either case; nil if these are none.
    static func bytes(hex text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var index = 0
        while index < text.count {
            let pair = value(text[index]) << 4 | value(text[index + 1])
            guard pair <= 255 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: pair))
            index += 2
        }
        return bytes
    }

    /// The 16 bytes of a textual UUID; nil if it is none.
    static func bytes(uuid text: [UInt8]) -> [UInt8]? {
        guard text.count == 36 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var index = 0
        while index < 36 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard text[index] == UInt8(ascii: "-") else { return nil }
                index += 1
            }
            let pair = value(text[index]) << 4 | value(text[index + 1])
            guard pair <= 255 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: pair))
            index += 2
        }
        return bytes
    }

    /// A number as ``decimal(_:)`` writes it; nil if it is none, or too large.
    static func number(_ text: [UInt8]) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard 1...19 ~= digits.count else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            let (tens, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let unit = Int64(digit - UInt8(ascii: "0"))
            let (sum, overflow) = isNegative ? tens.subtractingReportingOverflow(unit) : tens.addingReportingOverflow(unit)
            guard !tooLarge, !overflow else { return nil }
            number = sum
        }
        return number
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }

    /// More than 15 for what is no digit, also once shifted.
    private static func value(_ digit: UInt8) -> UInt16 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(digit - UInt8(ascii: "A") + 10)
        default: 0x100
        }
    }
}
