internal import CRdKafka

/// Questions to the cluster that block until it answers; for worker threads.
enum ClusterQueries {
    static let limitMilliseconds: Int32 = 15_000

    /// - Parameter name: `nil` asks for all topics.
    static func topics(_ name: String?, of client: OpaquePointer, limit: Int32 = limitMilliseconds) throws(KafkaError) -> [KafkaTopic] {
        let action = name.map { "Topic \($0) could not be looked up" } ?? "The topics could not be looked up"
        var handle: OpaquePointer?
        if let name {
            // A handle of ours: asking by name for a topic that nobody has a handle of would ask for all of them.
            handle = rd_kafka_topic_new(client, name, nil)
            guard handle != nil else { throw KafkaError.of(rd_kafka_last_error(), client: client, action) }
        }
        defer { if let handle { rd_kafka_topic_destroy(handle) } }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let result = rd_kafka_metadata(client, name == nil ? 1 : 0, handle, &answer, limit)
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw KafkaError.of(result, client: client, action) }
        defer { rd_kafka_metadata_destroy(answer) }
        let topics = UnsafeBufferPointer(start: answer.pointee.topics, count: Int(answer.pointee.topic_cnt))
        if name != nil, let failed = topics.first(where: { $0.err != RD_KAFKA_RESP_ERR_NO_ERROR }) {
            throw KafkaError.of(failed.err, client: client, action)
        }
        return topics.filter { $0.err == RD_KAFKA_RESP_ERR_NO_ERROR }.map(topic)
    }

    private static func topic(_ native: rd_kafka_metadata_topic) -> KafkaTopic {
        let partitions = UnsafeBufferPointer(start: native.partitions, count: Int(native.partition_cnt))
        return KafkaTopic(
            name: String(orEmpty: native.topic),
            partitions: partitions.map {
                KafkaTopic.Partition(
                    number: $0.id,
                    leader: $0.leader < 0 ? nil : $0.leader,
                    replicas: Array(UnsafeBufferPointer(start: $0.replicas, count: Int($0.replica_cnt))),
                    inSyncReplicas: Array(UnsafeBufferPointer(start: $0.isrs, count: Int($0.isr_cnt)))
                )
            }
            .sorted { $0.number < $1.number }
        )
    }

    /// Not `rd_kafka_query_watermark_offsets`, which does not keep its time limit while a broker is down (2.0.2).
    static func watermarks(of partition: KafkaPartition, _ client: OpaquePointer) throws(KafkaError) -> KafkaWatermarks {
        KafkaWatermarks(
            low: try end(KafkaOffset.beginning, of: partition, client),
            high: try end(KafkaOffset.end, of: partition, client)
        )
    }

    /// Kafka takes the names of the two ends as times too.
    private static func end(_ which: Int64, of partition: KafkaPartition, _ client: OpaquePointer) throws(KafkaError) -> Int64 {
        let action = "The ends of \(partition) could not be looked up"
        let list = try TopicPartitions([KafkaOffset(topic: partition.topic, partition: partition.partition, offset: which)])
        let result = rd_kafka_offsets_for_times(client, list.list, limitMilliseconds)
        if let failure = list.failure(of: client, action) { throw failure }
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError.of(result, client: client, action) }
        guard let found = list.offsets.first?.offset, found >= 0 else { throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, action) }
        return found
    }

    /// Partitions without a committed offset are left out.
    static func committed(_ partitions: [KafkaPartition], _ client: OpaquePointer) throws(KafkaError) -> [KafkaPartition: Int64] {
        let list = try TopicPartitions(partitions)
        let action = "Committed offsets could not be looked up"
        let result = rd_kafka_committed(client, list.list, limitMilliseconds)
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError.of(result, client: client, action) }
        if let failure = list.failure(of: client, action) { throw failure }
        var found: [KafkaPartition: Int64] = [:]
        for offset in list.offsets where offset.offset >= 0 { found[offset.place] = offset.offset }
        return found
    }

    static func membership(_ client: OpaquePointer) throws(KafkaError) -> KafkaGroupMembership {
        guard let metadata = rd_kafka_consumer_group_metadata(client) else {
            throw KafkaError(.invalidRequest, "The consumer has no group: give it one to commit offsets in a transaction.")
        }
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        var buffer: UnsafeMutableRawPointer?
        var size = 0
        if let error = rd_kafka_consumer_group_metadata_write(metadata, &buffer, &size) {
            throw KafkaError(taking: error, of: client, "The consumer's membership could not be read")
        }
        defer { rd_kafka_mem_free(client, buffer) }
        return KafkaGroupMembership(bytes: Array(UnsafeRawBufferPointer(start: buffer, count: size)))
    }
}
