/// The grammar of RFC 8259 over bytes, strict (no comments, no trailing comma, no NaN), depth-bounded.
struct JSONParser {
    private static let maximumDepth = 32
    private let bytes: [UInt8]
    private var at = 0
    private var nodes: [JSONDocument.Node] = []

    init(bytes: [UInt8]) {
        self.bytes = bytes
        nodes.reserveCapacity(max(16, bytes.count / 10))
    }

    mutating func parse() throws(CodecError) -> [JSONDocument.Node] {
        guard bytes.count < Int(UInt32.max) else { throw failure("is longer than 4 GiB") }
        try value(depth: 0)
        skipSpace()
        guard at == bytes.count else { throw failure("goes on behind the end of the JSON text") }
        return nodes
    }

    private func failure(_ problem: String) -> CodecError { CodecError(path: "byte \(at)", problem: problem) }

    private mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(CodecError) {
        guard depth < Self.maximumDepth else { throw failure("is nested deeper than \(Self.maximumDepth) levels") }
        skipSpace()
        guard at < bytes.count else { throw failure("ends where a value is expected") }
        switch bytes[at] {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try literal("true", .bool)
        case UInt8(ascii: "f"): try literal("false", .bool)
        case UInt8(ascii: "n"): try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw failure("holds a byte that begins no JSON value")
        }
    }

    private mutating func open(_ kind: JSONDocument.Kind) -> Int {
        nodes.append(.init(kind: kind, start: UInt32(at), length: 0, end: 0))
        at += 1
        return nodes.count - 1
    }

    private mutating func close(_ index: Int) {
        at += 1
        nodes[index].length = UInt32(at) - nodes[index].start
        nodes[index].end = UInt32(nodes.count)
    }

    private mutating func object(depth: Int) throws(CodecError) {
        let index = open(.object)
        skipSpace()
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") { return close(index) }
        while true {
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw failure("lacks the name of a member") }
            try string()
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw failure("lacks ':' behind a name") }
            at += 1
            try value(depth: depth + 1)
            skipSpace()
            guard at < bytes.count else { throw failure("ends inside an object") }
            if bytes[at] == UInt8(ascii: "}") { return close(index) }
            guard bytes[at] == UInt8(ascii: ",") else { throw failure("lacks ',' or '}'") }
            at += 1
        }
    }

    private mutating func array(depth: Int) throws(CodecError) {
        let index = open(.array)
        skipSpace()
        if at < bytes.count, bytes[at] == UInt8(ascii: "]") { return close(index) }
        while true {
            try value(depth: depth + 1)
            skipSpace()
            guard at < bytes.count else { throw failure("ends inside an array") }
            if bytes[at] == UInt8(ascii: "]") { return close(index) }
            guard bytes[at] == UInt8(ascii: ",") else { throw failure("lacks ',' or ']'") }
            at += 1
        }
    }

    private mutating func string() throws(CodecError) {
        at += 1
        let start = at
        var escaped = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let kind: JSONDocument.Kind = escaped ? .escapedString : .string
                nodes.append(.init(kind: kind, start: UInt32(start), length: UInt32(at - start), end: UInt32(nodes.count + 1)))
                at += 1
                return
            }
            if byte < 0x20 { throw failure("holds a bare control character in a string") }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                at += 1
                try checkEscape()
            }
            at += 1
        }
        throw failure("ends inside a string")
    }

    /// Leaves `at` on the last byte of the escape.
    private mutating func checkEscape() throws(CodecError) {
        guard at < bytes.count else { throw failure("ends inside a string") }
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            guard at + 4 < bytes.count, bytes[(at + 1)...(at + 4)].allSatisfy({ Self.hex($0) != nil }) else {
                throw failure("holds a broken \\u escape")
            }
            at += 4
        default: throw failure("holds an unknown escape")
        }
    }

    private mutating func number() throws(CodecError) {
        let start = at
        func digits(_ from: Int) -> Int {
            var end = from
            while end < bytes.count, bytes[end] >= UInt8(ascii: "0"), bytes[end] <= UInt8(ascii: "9") { end += 1 }
            return end
        }
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        let whole = digits(at)
        guard whole > at, !(bytes[at] == UInt8(ascii: "0") && whole > at + 1) else { throw failure("holds a malformed number") }
        at = whole
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            let fraction = digits(at + 1)
            guard fraction > at + 1 else { throw failure("holds a malformed number") }
            at = fraction
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            let exponent = digits(at)
            guard exponent > at else { throw failure("holds a malformed number") }
            at = exponent
        }
        nodes.append(.init(kind: .number, start: UInt32(start), length: UInt32(at - start), end: UInt32(nodes.count + 1)))
    }

    private mutating func literal(_ text: StaticString, _ kind: JSONDocument.Kind) throws(CodecError) {
        let count = text.utf8CodeUnitCount
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: count)
        guard at + count <= bytes.count, bytes[at..<(at + count)].elementsEqual(wanted) else { throw failure("holds an unknown word") }
        nodes.append(.init(kind: kind, start: UInt32(at), length: UInt32(count), end: UInt32(nodes.count + 1)))
        at += count
    }

    private static func hex(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Escapes were checked by `string()`. A lone surrogate becomes U+FFFD, as in Foundation's decoding of invalid UTF-16.
    static func unescape(_ slice: ArraySlice<UInt8>) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(slice.count)
        var units: [UInt16] = []
        func flush() {
            guard !units.isEmpty else { return }
            output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            units.removeAll(keepingCapacity: true)
        }
        var iterator = slice.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\"), let code = iterator.next() else {
                flush()
                output.append(byte)
                continue
            }
            if code == UInt8(ascii: "u") {
                var unit: UInt16 = 0
                for _ in 0..<4 { unit = unit << 4 | (iterator.next().flatMap(hex) ?? 0) }
                units.append(unit)
                continue
            }
            flush()
            switch code {
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            default: output.append(code)
            }
        }
        flush()
        return String(decoding: output, as: UTF8.self)
    }
}
