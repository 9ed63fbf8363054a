internal import CRdKafka

/// librdkafka's list of topics, partitions and offsets, freed with the last reference. It never leaves the thread it is made on.
final class TopicPartitions {
    let list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    /// - Throws: `other` without memory.
    init(_ offsets: [KafkaOffset]) throws(KafkaError) {
        list = try Self.make(offsets.count)
        for offset in offsets {
            rd_kafka_topic_partition_list_add(list, offset.topic, offset.partition).pointee.offset = offset.offset
        }
    }

    /// The offsets are to be filled in.
    init(_ partitions: [KafkaPartition]) throws(KafkaError) {
        list = try Self.make(partitions.count)
        for partition in partitions { rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition) }
    }

    init(topics: [String]) throws(KafkaError) {
        list = try Self.make(topics.count)
        for topic in topics { rd_kafka_topic_partition_list_add(list, topic, relais_kafka_any_partition) }
    }

    /// Takes over a list.
    init(taking list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
        self.list = list
    }

    deinit {
        rd_kafka_topic_partition_list_destroy(list)
    }

    var offsets: [KafkaOffset] { Self.offsets(in: list) }

    /// The first partition that has an error of its own.
    func failure(of client: OpaquePointer, _ action: String) -> KafkaError? {
        Self.failure(in: list, of: client, action)
    }

    static func offsets(in list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> [KafkaOffset] {
        elements(of: list).map { KafkaOffset(topic: String(orEmpty: $0.topic), partition: $0.partition, offset: $0.offset) }
    }

    static func failure(
        in list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>,
        of client: OpaquePointer,
        _ action: String
    ) -> KafkaError? {
        guard let failed = elements(of: list).first(where: { $0.err != RD_KAFKA_RESP_ERR_NO_ERROR }) else { return nil }
        return KafkaError.of(failed.err, client: client, "\(action) (\(String(orEmpty: failed.topic))[\(failed.partition)])")
    }

    private static func elements(
        of list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) -> UnsafeBufferPointer<rd_kafka_topic_partition_t> {
        UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt))
    }

    private static func make(_ count: Int) throws(KafkaError) -> UnsafeMutablePointer<rd_kafka_topic_partition_list_t> {
        guard let list = rd_kafka_topic_partition_list_new(Int32(clamping: count)) else {
            throw KafkaError(.other, "No memory for a list of Kafka partitions.")
        }
        return list
    }
}
