/// The format of a tail that was set aside, from its beginning:
///
/// - 18 bytes: `relais log tail 1` and a line feed;
/// - records, each its length as 4 big-endian bytes, which counts what follows: one byte for its kind, then its fields;
/// - SHA-256 over all bytes before it.
///
/// A field is its length as 4 big-endian bytes and that many bytes, or the length 0xFFFFFFFF alone if it is absent. Integers are 8
/// big-endian bytes, texts UTF-8. The kinds and their fields:
///
/// 1. head, first and once: log identity, position after which the tail begins, last position, epoch, root at the last position, then the
///    hashes of the Merkle frontier where the tail begins, the largest subtree first;
/// 2. event: position, version, stream, id, type, source, time, its offset in minutes, recorded time, actor, causation, correlation, key id,
///    attachment hash, leaf hash, payload as stored;
/// 3. attachment, right after its event: position, bytes as stored;
/// 4. command: digest, scope, request hash, whether it is lasting (0 or 1), position, recorded time, answer as stored, stream and key id
///    that the answer is sealed for;
/// 5. end, last and once: number of records before it.
enum TailFormat {
    static let magic = Array("relais log tail 1\n".utf8)
    static let absent = UInt32.max
    /// A payload or an attachment, and an envelope.
    static let recordLimit = PreparedAppend.partLimit + (1 << 20)

    enum Kind: UInt8 {
        case head = 1, event, attachment, command, end
    }

    /// Collects a record.
    struct Record {
        private(set) var bytes: [UInt8]

        init(_ kind: Kind) { bytes = [kind.rawValue] }

        mutating func append(_ field: [UInt8]?) {
            guard let field else { return append(length: TailFormat.absent) }
            append(length: UInt32(clamping: field.count))
            bytes += field
        }

        mutating func append(_ text: String?) { append(text.map { Array($0.utf8) }) }

        mutating func append(_ value: Int64) { append(withUnsafeBytes(of: value.bigEndian) { Array($0) }) }

        private mutating func append(length: UInt32) {
            withUnsafeBytes(of: length.bigEndian) { bytes.append(contentsOf: $0) }
        }
    }

    /// Takes a record apart.
    struct Fields {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        var isAtEnd: Bool { rest.isEmpty }

        /// nil = absent.
        mutating func optional() throws -> [UInt8]? {
            guard rest.count >= 4 else { throw TailFormat.damaged }
            let length = rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(4)
            if length == TailFormat.absent { return nil }
            guard Int(length) <= rest.count else { throw TailFormat.damaged }
            defer { rest = rest.dropFirst(Int(length)) }
            return Array(rest.prefix(Int(length)))
        }

        mutating func required() throws -> [UInt8] { try TailFormat.whole(optional()) }

        mutating func integer() throws -> Int64 {
            let field = try required()
            guard field.count == MemoryLayout<Int64>.size else { throw TailFormat.damaged }
            return Int64(bigEndian: field.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) })
        }

        mutating func text() throws -> String { try TailFormat.whole(optionalText()) }

        mutating func optionalText() throws -> String? {
            guard let field = try optional() else { return nil }
            return try TailFormat.whole(String(validating: field, as: UTF8.self))
        }

        /// A field of a type that has a fixed length; nil = absent.
        mutating func optional<Value>(_ make: ([UInt8]) -> Value?) throws -> Value? {
            guard let field = try optional() else { return nil }
            return try TailFormat.whole(make(field))
        }

        mutating func required<Value>(_ make: ([UInt8]) -> Value?) throws -> Value { try TailFormat.whole(optional(make)) }
    }

    static func whole<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw damaged }
        return value
    }

    static var damaged: EventStoreError {
        EventStoreError(.corrupted, "The file is not a log's tail as it was set aside: it was cut off or changed.")
    }
}
