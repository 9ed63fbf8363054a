/// A run of bytes of a message: what every public view is made of. Finding a part scans; nothing is split in advance.
struct Slice: Sendable {
    let buffer: MessageBuffer
    let start: Int
    let end: Int
    /// MSH-1 and MSH-2 declare the delimiters and are not cut by them.
    let isLiteral: Bool

    init(_ buffer: MessageBuffer, from start: Int, to end: Int, isLiteral: Bool = false) {
        self.buffer = buffer
        self.start = start
        self.end = end
        self.isLiteral = isLiteral
    }

    var isEmpty: Bool { start >= end }

    var bytes: ArraySlice<UInt8> { isEmpty ? [] : buffer.bytes[start..<end] }

    var raw: String { String(decoding: bytes, as: UTF8.self) }

    private var nothing: Slice { Slice(buffer, from: end, to: end) }

    /// The n-th part, from 1; an empty slice when there is none.
    func part(_ number: Int, separatedBy separator: UInt8?) -> Slice {
        guard number >= 1 else { return nothing }
        guard let separator, !isLiteral else { return number == 1 ? self : nothing }
        return buffer.bytes.withUnsafeBufferPointer { bytes in
            var remaining = number
            var partStart = start
            var index = start
            while index < end {
                if bytes[index] == separator {
                    remaining -= 1
                    if remaining == 0 { return Slice(buffer, from: partStart, to: index) }
                    partStart = index + 1
                }
                index += 1
            }
            return remaining == 1 ? Slice(buffer, from: partStart, to: end) : nothing
        }
    }

    /// All the parts in order; none when the slice is empty.
    func parts(separatedBy separator: UInt8?) -> [Slice] {
        guard !isEmpty else { return [] }
        guard let separator, !isLiteral else { return [self] }
        var parts: [Slice] = []
        var partStart = start
        for index in start..<end where buffer.bytes[index] == separator {
            parts.append(Slice(buffer, from: partStart, to: index))
            partStart = index + 1
        }
        parts.append(Slice(buffer, from: partStart, to: end))
        return parts
    }

    /// The first repetition's first component's first sub-component, in one scan: what nearly every reader asks for.
    var leadingValue: Value {
        guard !isLiteral else { return value }
        let delimiters = buffer.delimiters
        let leafEnd = buffer.bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index < end {
                let byte = bytes[index]
                if byte == delimiters.component || byte == delimiters.repetition || byte == delimiters.subcomponent { break }
                index += 1
            }
            return index
        }
        return Slice(buffer, from: start, to: leafEnd).value
    }

    /// The bytes are what `FieldDraft` would write with these delimiters: no escapes, no control characters, nothing empty at an end.
    ///
    /// It says no to some fields of which that is true; those are then read and written in full.
    func isWritten(with delimiters: Delimiters) -> Bool {
        guard buffer.delimiters == delimiters, !isLiteral else { return false }
        return buffer.bytes.withUnsafeBufferPointer { bytes in
            var isAfterDelimiter = false
            for byte in bytes[start..<end] {
                let isDelimiter = Escaping.needsEscape(byte, delimiters)
                if isDelimiter, byte < 0x20 || byte == delimiters.escape || isAfterDelimiter { return false }
                isAfterDelimiter = isDelimiter
            }
            return !isAfterDelimiter
        }
    }

    /// The slice read as one piece of text.
    var value: Value {
        if isEmpty { return .absent }
        if isLiteral { return .text(raw) }
        let quote = UInt8(ascii: "\"")
        if end - start == 2, buffer.bytes[start] == quote, buffer.bytes[start + 1] == quote { return .null }
        return Value(Escaping.decode(bytes, delimiters: buffer.delimiters, charset: buffer.charset))
    }
}

extension Slice: Hashable {
    static func == (left: Slice, right: Slice) -> Bool {
        left.buffer.delimiters == right.buffer.delimiters && left.bytes == right.bytes
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}
