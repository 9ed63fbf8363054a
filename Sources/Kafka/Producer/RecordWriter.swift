internal import CRdKafka

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Hands records to librdkafka, which copies them.
enum RecordWriter {
    /// - Parameter slot: comes back with the delivery report, if and only if this returns 0.
    static func write(
        _ record: KafkaRecord,
        to client: OpaquePointer,
        slot: UnsafeMutablePointer<DeliveryBatch.Slot>
    ) -> rd_kafka_resp_err_t {
        var headers: OpaquePointer?
        if !record.headers.isEmpty {
            headers = rd_kafka_headers_new(record.headers.count)
            for header in record.headers {
                let result = add(header, to: headers)
                guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    rd_kafka_headers_destroy(headers)
                    return result
                }
            }
        }
        let result = record.topic.withCString { topic in
            withBytes(record.key) { key, keyLength in
                withBytes(record.value) { value, valueLength in
                    relais_kafka_produce(
                        client,
                        topic,
                        record.partition ?? relais_kafka_any_partition,
                        key,
                        keyLength,
                        value,
                        valueLength,
                        record.timestamp ?? 0,
                        headers,
                        slot
                    )
                }
            }
        }
        if result != RD_KAFKA_RESP_ERR_NO_ERROR, let headers { rd_kafka_headers_destroy(headers) }
        return result
    }

    private static func add(_ header: KafkaHeader, to headers: OpaquePointer?) -> rd_kafka_resp_err_t {
        header.name.withCString { name in
            // Whoever reads with librdkafka gets the name up to the first NUL: it would be another name.
            guard strlen(name) == header.name.utf8.count else { return RD_KAFKA_RESP_ERR__INVALID_ARG }
            return withBytes(header.value) { value, length in
                rd_kafka_header_add(headers, name, header.name.utf8.count, value, length)
            }
        }
    }

    /// A null pointer is "none"; no bytes at all are a pointer to something.
    private static func withBytes<Value>(_ bytes: [UInt8]?, _ body: (UnsafeRawPointer?, Int) -> Value) -> Value {
        guard let bytes else { return body(nil, 0) }
        return bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else {
                var nothing: UInt8 = 0
                return withUnsafeBytes(of: &nothing) { body($0.baseAddress, 0) }
            }
            return body(start, buffer.count)
        }
    }
}
