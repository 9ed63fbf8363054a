import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The entry of an index read last, to see that the next one is greater in SQLite's order.
struct IndexEntry {
    private struct Value {
        var storageClass: Int32 = 0
        var integer: Int64 = 0
        var bytes: [UInt8] = []
    }

    private var values: [Value]
    private var isFirst = true

    init(columnCount: Int32) {
        values = [Value](repeating: Value(), count: Int(columnCount))
    }

    /// Takes the current row; false if it is not greater than the one before.
    mutating func advance(to row: Statement) -> Bool {
        var order: Int = isFirst ? -1 : 0
        isFirst = false
        for index in values.indices {
            let column = Int32(index)
            // In SQLite's order: numbers (1, 2), text (3), blobs (4); NULL, before all, is 5.
            let storageClass = row.type(column) % 5
            if order == 0 { order = Self.order(values[index].storageClass, storageClass) }
            values[index].storageClass = storageClass
            if storageClass == SQLITE_INTEGER {
                let integer = row.int64(column)
                if order == 0 { order = Self.order(values[index].integer, integer) }
                values[index].integer = integer
            } else {
                let bytes = row.blob(column)
                if order == 0 { order = Self.order(values[index].bytes, bytes) }
                Self.copy(bytes, to: &values[index].bytes)
            }
        }
        return order < 0
    }

    private static func order<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }

    private static func order(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Int {
        let shared = min(left.count, right.count)
        let difference = left.withUnsafeBytes { left in
            guard shared > 0, let left = left.baseAddress, let right = right.baseAddress else { return 0 }
            return Int(memcmp(left, right, shared))
        }
        return difference != 0 ? difference : order(left.count, right.count)
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer, to target: inout [UInt8]) {
        if target.count != bytes.count { target = [UInt8](repeating: 0, count: bytes.count) }
        target.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    }
}
