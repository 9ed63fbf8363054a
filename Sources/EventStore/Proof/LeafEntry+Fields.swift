extension LeafEntry {
    /// The fields of an entry in place, as the log stores them.
    struct Fields {
        var position: Int64
        var version: Int64
        var recordedAt: Int64
        var id: UnsafeRawBufferPointer
        var type: UnsafeRawBufferPointer
        var source: UnsafeRawBufferPointer
        var causation: UnsafeRawBufferPointer?
        var correlation: UnsafeRawBufferPointer?
        var actor: UnsafeRawBufferPointer?
        var keyID: UnsafeRawBufferPointer?
        var attachmentHash: UnsafeRawBufferPointer?
    }

    /// Lends the fields; the pointers are valid inside `body` only.
    func withFields<Result>(_ body: (Fields) throws -> Result) rethrows -> Result {
        try hashInput.withUnsafeBytes { bytes in
            // Past 0x00 and the format byte.
            var cursor = Cursor(bytes: bytes, offset: 2)
            let position = cursor.integer()
            let version = cursor.integer()
            let recordedAt = cursor.integer()
            _ = cursor.next()  // log identity
            let id = cursor.required()
            let type = cursor.required()
            let source = cursor.required()
            _ = cursor.next()  // subject
            _ = cursor.next()  // time
            _ = cursor.next()  // its offset
            let causation = cursor.next()
            let correlation = cursor.next()
            let actor = cursor.next()
            let keyID = cursor.next()
            _ = cursor.next()  // data schema
            _ = cursor.next()  // data content type
            let attachmentHash = cursor.next()
            return try body(
                Fields(
                    position: position,
                    version: version,
                    recordedAt: recordedAt,
                    id: id,
                    type: type,
                    source: source,
                    causation: causation,
                    correlation: correlation,
                    actor: actor,
                    keyID: keyID,
                    attachmentHash: attachmentHash
                )
            )
        }
    }

    /// Walks the fields of an entry we encoded ourselves.
    private struct Cursor {
        let bytes: UnsafeRawBufferPointer
        var offset: Int

        /// The next field; nil if it is absent or there is none.
        mutating func next() -> UnsafeRawBufferPointer? {
            guard offset + 2 <= bytes.count else { return nil }
            let length = UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
            offset += 2
            guard length != LeafEntry.absent, offset + Int(length) <= bytes.count else { return nil }
            defer { offset += Int(length) }
            return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])
        }

        mutating func required() -> UnsafeRawBufferPointer {
            next() ?? UnsafeRawBufferPointer(start: nil, count: 0)
        }

        mutating func integer() -> Int64 {
            guard let field = next(), field.count == 8 else { return 0 }
            return Int64(bigEndian: field.loadUnaligned(as: Int64.self))
        }
    }
}
