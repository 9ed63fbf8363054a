import GRDBSQLite

/// The first 16 bytes of SHA-256 over all other columns of a row outside the Merkle tree, kept in the row itself, so that
/// ``SQLiteEventReader/verify(against:progress:)`` finds a changed byte. Against damage and careless hands: who rewrites a
/// row on purpose can rewrite this too.
///
/// Hashed are the table's name as a text, then the columns in order. A column is one byte for its storage class (0 NULL,
/// 1 integer, 3 text, 4 blob), then for an integer 8 big-endian bytes, for text and blob the length as 8 big-endian bytes and
/// the bytes.
struct RowHash: Hashable, Sendable {
    static let byteCount = Bits128.byteCount

    private var high: UInt64
    private var low: UInt64

    /// As stored; nil unless there are exactly 16 bytes.
    init?(bytes: UnsafeRawBufferPointer) {
        guard let halves = Bits128.load(bytes) else { return nil }
        (high, low) = halves
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The sum of no row.
    static let zero = RowHash(high: 0, low: 0)

    var bytes: [UInt8] { Bits128.bytes(high: high, low: low) }

    // MARK: Sums modulo 2^128, which do not depend on the order of rows

    static func + (left: RowHash, right: RowHash) -> RowHash {
        let (low, carry) = left.low.addingReportingOverflow(right.low)
        return RowHash(high: left.high &+ right.high &+ (carry ? 1 : 0), low: low)
    }

    static func - (left: RowHash, right: RowHash) -> RowHash {
        let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
        return RowHash(high: left.high &- right.high &- (borrow ? 1 : 0), low: low)
    }

    // MARK: Hashing

    /// Collects the columns of a row.
    struct Builder {
        private var input: [UInt8] = []

        init(table: String) {
            input.reserveCapacity(512)
            append(table)
        }

        mutating func append(_ value: Int64) {
            input.append(1)
            append(bigEndian: value)
        }

        mutating func append(_ text: String?) {
            guard var text else { return input.append(0) }
            text.withUTF8 { append(3, UnsafeRawBufferPointer($0)) }
        }

        mutating func append(_ blob: [UInt8]?) {
            guard let blob else { return input.append(0) }
            blob.withUnsafeBytes { append(4, $0) }
        }

        /// A column of the current row, whatever its storage class.
        mutating func append(_ column: Int32, of row: Statement) {
            switch row.type(column) {
            case SQLITE_INTEGER: append(row.int64(column))
            case SQLITE_TEXT: append(3, row.text(column))
            case SQLITE_BLOB: append(4, row.blob(column))
            case SQLITE_NULL: input.append(0)
            // No table of ours holds fractions; the value need not enter, the class tells.
            default: input.append(2)
            }
        }

        private mutating func append(_ storageClass: UInt8, _ bytes: UnsafeRawBufferPointer) {
            input.append(storageClass)
            append(bigEndian: Int64(bytes.count))
            input.append(contentsOf: bytes)
        }

        private mutating func append(bigEndian value: Int64) {
            withUnsafeBytes(of: value.bigEndian) { input.append(contentsOf: $0) }
        }

        var hash: RowHash {
            Hash256.of(input).withBytes { digest in
                RowHash(
                    high: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                    low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
        }
    }

    /// The hash of the current row's first `columnCount` columns.
    static func of(_ row: Statement, columnCount: Int32, table: String) -> RowHash {
        var builder = Builder(table: table)
        for column in 0..<columnCount { builder.append(column, of: row) }
        return builder.hash
    }
}
