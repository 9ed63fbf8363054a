import GRDBSQLite

/// Computes leaf hashes straight from the columns of event rows, in one buffer that is used again for each row.
///
/// The same bytes as ``LeafEntry`` makes (`schemas/leaf.md`), but from what is stored, as it is stored: no text is decoded, and
/// a column of another storage class than the log writes gives no hash.
final class LeafHasher {
    /// The columns of ``Queries/page``.
    private enum Column {
        static let position: Int32 = 0, id: Int32 = 1, version: Int32 = 3, type: Int32 = 4, source: Int32 = 5
        static let occurredAt: Int32 = 6, occurredOffset: Int32 = 7, recordedAt: Int32 = 8, actor: Int32 = 9
        static let causation: Int32 = 10, correlation: Int32 = 11, keyID: Int32 = 12, attachmentHash: Int32 = 13, payload: Int32 = 15
    }

    private static let typePrefix = Array("fr.relais.".utf8)
    private static let schemaPrefix = Array("https://relais.example/schemas/events/".utf8)
    private static let schemaSuffix = Array(".schema.json".utf8)
    private static let contentType = Array(EventSchema.contentType.utf8)

    private let identity: [UInt8]
    // The 0x00 of the leaf hash, then the entry.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LeafEntry.sizeLimit, alignment: 8)
    private var count = 0
    /// False once something did not fit or was not as the log writes it.
    private var isWhole = true

    init(logIdentity: String) {
        identity = Array(logIdentity.utf8)
    }

    deinit {
        buffer.deallocate()
    }

    /// The leaf hash of the current row of ``Queries/page``, an event of `stream`; nil if no event gives such a row.
    func leafHash(of row: Statement, stream: StreamID) -> Hash256? {
        count = 0
        isWhole = true
        append(byte: 0)
        append(byte: LeafEntry.format)
        append(integer: Column.position, of: row)
        append(integer: Column.version, of: row)
        append(integer: Column.recordedAt, of: row)
        append(field: identity)
        append(id: Column.id, of: row)
        append(text: Column.type, of: row)
        append(text: Column.source, of: row)
        append(high: stream.high, low: stream.low)
        append(integer: Column.occurredAt, of: row)
        append(offset: Column.occurredOffset, of: row)
        appendIfAny(Column.causation, of: row) { append(id: $0, of: row) }
        appendIfAny(Column.correlation, of: row) { append(id: $0, of: row) }
        appendIfAny(Column.actor, of: row) { append(text: $0, of: row) }
        appendIfAny(Column.keyID, of: row) { append(text: $0, of: row) }
        appendSchema(of: row)
        append(field: Self.contentType)
        appendIfAny(Column.attachmentHash, of: row) { append(blob: $0, of: row, length: Hash256.byteCount) }
        append(hashOf: Column.payload, of: row)
        guard isWhole else { return nil }
        return Hash256.of(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }

    // MARK: Columns

    private func append(integer column: Int32, of row: Statement) {
        expect(SQLITE_INTEGER, column, of: row)
        append(length: 8)
        append(bigEndian: row.int64(column))
    }

    private func append(offset column: Int32, of row: Statement) {
        expect(SQLITE_INTEGER, column, of: row)
        guard let offset = Int16(exactly: row.int64(column)) else { return isWhole = false }
        append(length: 2)
        append(bigEndian: offset)
    }

    private func append(text column: Int32, of row: Statement) {
        expect(SQLITE_TEXT, column, of: row)
        append(field: row.text(column))
    }

    private func append(id column: Int32, of row: Statement) {
        append(blob: column, of: row, length: Bits128.byteCount)
    }

    private func append(blob column: Int32, of row: Statement, length: Int) {
        expect(SQLITE_BLOB, column, of: row)
        let bytes = row.blob(column)
        if bytes.count != length { isWhole = false }
        append(field: bytes)
    }

    private func append(hashOf column: Int32, of row: Statement) {
        expect(SQLITE_BLOB, column, of: row)
        Hash256.of(row.blob(column)).withBytes { append(field: $0) }
    }

    private func appendIfAny(_ column: Int32, of row: Statement, _ append: (Int32) -> Void) {
        if row.isNull(column) { self.append(length: LeafEntry.absent) } else { append(column) }
    }

    /// As ``EventSchema/url(forType:)``, without decoding the type.
    private func appendSchema(of row: Statement) {
        let type = row.text(Column.type)
        guard type.count > Self.typePrefix.count, type.starts(with: Self.typePrefix) else { return append(length: LeafEntry.absent) }
        let rest = UnsafeRawBufferPointer(rebasing: type[Self.typePrefix.count...])
        guard let length = UInt16(exactly: Self.schemaPrefix.count + rest.count + Self.schemaSuffix.count) else { return isWhole = false }
        append(length: length)
        Self.schemaPrefix.withUnsafeBytes { append(bytes: $0) }
        append(bytes: rest)
        Self.schemaSuffix.withUnsafeBytes { append(bytes: $0) }
    }

    private func expect(_ storageClass: Int32, _ column: Int32, of row: Statement) {
        if row.type(column) != storageClass { isWhole = false }
    }

    // MARK: Bytes

    private func append(high: UInt64, low: UInt64) {
        append(length: UInt16(Bits128.byteCount))
        append(bigEndian: high)
        append(bigEndian: low)
    }

    private func append(field: [UInt8]) {
        field.withUnsafeBytes { append(field: $0) }
    }

    private func append(field: UnsafeRawBufferPointer) {
        guard let length = UInt16(exactly: field.count), length != LeafEntry.absent else { return isWhole = false }
        append(length: length)
        append(bytes: field)
    }

    private func append(length: UInt16) {
        append(bigEndian: length)
    }

    private func append(byte: UInt8) {
        append(bigEndian: byte)
    }

    private func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        let size = Integer.bitWidth / 8
        guard size <= buffer.count - count else { return isWhole = false }
        buffer.storeBytes(of: value.bigEndian, toByteOffset: count, as: Integer.self)
        count += size
    }

    private func append(bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= buffer.count - count else { return isWhole = false }
        if let start = bytes.baseAddress, let target = buffer.baseAddress { (target + count).copyMemory(from: start, byteCount: bytes.count) }
        count += bytes.count
    }
}
