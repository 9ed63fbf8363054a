import Foundation
import Kafka

/// What a relay sends, in order, for a producer that is not ours. Each record, integers little-endian, -1 where there are no bytes: topic (0 events, 1 log) and count
/// of headers, a byte each; time (8 bytes); lengths (4 each) and bytes of key and value; of each header lengths and bytes of its name, ended by a NUL, and value.
struct RecordFile {
    private let handle: FileHandle
    private let topic: String
    private var bytes: [UInt8] = []

    /// - Parameter topic: of the events.
    init(path: String, topic: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        self.topic = topic
    }

    mutating func append(_ records: [KafkaRecord]) throws {
        bytes.removeAll(keepingCapacity: true)
        for record in records {
            bytes += [record.topic == topic ? 0 : 1, UInt8(clamping: record.headers.count)]
            append(record.timestamp ?? 0)
            append(record.key)
            append(record.value)
            for header in record.headers {
                append(Array(header.name.utf8) + [0])
                append(header.value)
            }
        }
        try handle.write(contentsOf: bytes)
    }

    func close() throws { try handle.close() }

    private mutating func append(_ field: [UInt8]?) {
        append(field.map { Int32(clamping: $0.count) } ?? -1)
        if let field { bytes += field }
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
}
