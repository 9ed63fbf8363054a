/// Gives the same `String` for the same bytes, so that the few types, sources and actors of a log are built once
/// and not for each row.
struct StringInterner {
    private struct Entry {
        var hash: UInt64
        var utf8: [UInt8]
        var string: String
    }

    // Direct-mapped: a collision costs building a string, nothing else.
    private static let slotCount = 2048
    private var slots = [Entry?](repeating: nil, count: slotCount)

    mutating func string(_ bytes: UnsafeRawBufferPointer) -> String {
        let hash = Self.hash(bytes)
        let slot = Int(truncatingIfNeeded: hash >> 32) & (Self.slotCount - 1)
        if let entry = slots[slot], entry.hash == hash, entry.utf8.count == bytes.count, Self.equal(entry.utf8, bytes) {
            return entry.string
        }
        let string = String(decoding: bytes, as: UTF8.self)
        slots[slot] = Entry(hash: hash, utf8: Array(bytes), string: string)
        return string
    }

    private static func equal(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Bool {
        left.withUnsafeBytes { $0.elementsEqual(right) }
    }

    /// Multiplicative hash over words: the bytes come from our own file, no adversary chooses slots.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* multiplier
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* multiplier
            hash ^= hash >> 29
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.count {
            tail = tail << 8 | UInt64(bytes[offset])
            offset += 1
        }
        hash = (hash ^ tail) &* multiplier
        return hash ^ hash >> 29
    }
}
