/// Finds one member of a gateway's answer without reading the rest of it: a string or a number of the outermost object.
enum JSONReceipt {
    /// At most 200 visible ASCII characters; `nil` when there is no such member, or it is something else. Tolerant of what is no JSON.
    static func member(_ name: String, of bytes: [UInt8]) -> String? {
        var depth = 0
        var index = 0
        var key: [UInt8]?
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ","): key = nil
            case UInt8(ascii: "\""):
                let end = stringEnd(bytes, from: index + 1)
                let text = Array(bytes[(index + 1)..<end])
                if depth == 1 {
                    if let found = key, found.elementsEqual(name.utf8) { return clean(text) }
                    key = key == nil ? text : []
                }
                index = end
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let number = bytes[index...].prefix(while: SafeBytes.isIdentifier)
                if depth == 1, let found = key, found.elementsEqual(name.utf8) { return clean(Array(number)) }
                index += number.count - 1
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The place of the closing quote, or the end.
    private static func stringEnd(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, bytes.count)
    }

    private static func clean(_ bytes: [UInt8]) -> String? {
        bytes.isEmpty || bytes.count > 200 || !bytes.allSatisfy(SafeBytes.isVisible) ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
