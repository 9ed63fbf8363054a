internal import CRdKafka

/// What callers ask for; all of it runs on the polling thread.
extension ConsumerLoop {
    func subscribe(_ topics: [String]) throws(KafkaError) {
        let list = try TopicPartitions(topics: topics)
        try core.client.use { client throws(KafkaError) in
            let result = rd_kafka_subscribe(client, list.list)
            guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError.of(result, client: client, "The topics \(topics) could not be subscribed to")
            }
        }
    }

    func assign(_ offsets: [KafkaOffset]) throws(KafkaError) {
        let list = try TopicPartitions(offsets)
        let places = Set(offsets.map(\.place))
        try core.client.use { client throws(KafkaError) in
            let result = rd_kafka_assign(client, list.list)
            guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError.of(result, client: client, "The partitions \(places.sorted()) could not be assigned")
            }
        }
        let all = assigned.union(places)
        core.changeBuffer { $0.forget(all) }
        assigned = places
        holdIfNeeded(places)
    }

    func commit(_ offsets: [KafkaOffset], _ promise: Promise<Void>) throws(KafkaError) {
        let list = try TopicPartitions(offsets)
        lastCommit &+= 1
        let number = lastCommit
        commits[number] = promise
        do {
            try core.client.use { client throws(KafkaError) in
                guard let queue = rd_kafka_queue_get_consumer(client) else { throw KafkaError.shutDown }
                defer { rd_kafka_queue_destroy(queue) }
                let result = rd_kafka_commit_queue(client, list.list, queue, nil, UnsafeMutableRawPointer(bitPattern: number))
                guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError.of(result, client: client, Self.commitAction) }
            }
        } catch {
            commits[number] = nil
            throw error
        }
    }

    /// The answer to a commit.
    func committed(_ event: OpaquePointer) {
        let number = UInt(bitPattern: rd_kafka_event_opaque(event))
        guard let promise = commits.removeValue(forKey: number) else { return }
        let native = rd_kafka_event_error(event)
        let failure: KafkaError? =
            (try? core.client.use { client -> KafkaError? in
                let ofPartition = rd_kafka_event_topic_partition_list(event).flatMap {
                    TopicPartitions.failure(in: $0, of: client, Self.commitAction)
                }
                if native != RD_KAFKA_RESP_ERR_NO_ERROR { return ofPartition ?? KafkaError.of(native, client: client, Self.commitAction) }
                return ofPartition
            }) ?? nil
        promise.complete(failure.map { .failure($0) } ?? .success(()))
    }

    private static let commitAction = "Offsets were not committed"

    func seek(to offsets: [KafkaOffset]) throws(KafkaError) {
        let list = try TopicPartitions(offsets)
        let action = "The place to read could not be changed"
        try core.client.use { client throws(KafkaError) in
            if let error = rd_kafka_seek_partitions(client, list.list, 10_000) { throw KafkaError(taking: error, of: client, action) }
            if let failure = list.failure(of: client, action) { throw failure }
        }
        // What librdkafka had fetched before, it drops by itself; these are ours.
        let places = Set(offsets.map(\.place))
        core.changeBuffer { $0.drop(places) }
    }

    func pause(_ partitions: [KafkaPartition]) throws(KafkaError) {
        try change(partitions, "Reading could not be paused", rd_kafka_pause_partitions)
        core.changeBuffer { $0.pause(Set(partitions)) }
    }

    func resume(_ partitions: [KafkaPartition]) throws(KafkaError) {
        try change(partitions, "Reading could not be resumed", rd_kafka_resume_partitions)
        core.changeBuffer { $0.resume(Set(partitions)) }
        holdIfNeeded(Set(partitions))
    }

    private func change(
        _ partitions: [KafkaPartition],
        _ action: String,
        _ call: (OpaquePointer?, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> rd_kafka_resp_err_t
    ) throws(KafkaError) {
        let list = try TopicPartitions(partitions)
        try core.client.use { client throws(KafkaError) in
            let result = call(client, list.list)
            guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError.of(result, client: client, action) }
            if let failure = list.failure(of: client, action) { throw failure }
        }
    }
}
