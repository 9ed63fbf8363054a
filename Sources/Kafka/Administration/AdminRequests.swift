internal import CRdKafka

/// Requests of Kafka's Admin API; they block until it answers, for worker threads.
enum AdminRequests {
    static func create(
        _ topics: [KafkaTopicSpecification],
        _ client: OpaquePointer,
        limit: Int32
    ) throws(KafkaError)
        -> [String: Result<Void, KafkaError>]
    {
        var native: [OpaquePointer?] = []
        defer { for topic in native { if let topic { rd_kafka_NewTopic_destroy(topic) } } }
        for topic in topics { native.append(try specification(topic)) }
        let event = try ask(client, RD_KAFKA_ADMIN_OP_CREATETOPICS, "Topics could not be created", limit) { options, queue in
            rd_kafka_CreateTopics(client, &native, native.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count) else { return [:] }
        var outcomes: [String: Result<Void, KafkaError>] = [:]
        for index in 0..<count {
            guard let result = results[index] else { continue }
            let name = String(orEmpty: rd_kafka_topic_result_name(result))
            let code = rd_kafka_topic_result_error(result)
            outcomes[name] =
                code == RD_KAFKA_RESP_ERR_NO_ERROR
                ? .success(())
                : .failure(
                    KafkaError(code, "Topic \(name) was not created", detail: String(orEmpty: rd_kafka_topic_result_error_string(result)))
                )
        }
        return outcomes
    }

    static func settings(ofTopic name: String, _ client: OpaquePointer, limit: Int32) throws(KafkaError) -> [KafkaTopicSetting] {
        let action = "The settings of topic \(name) could not be looked up"
        guard let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name) else {
            throw KafkaError(.invalidRequest, "\(action): the name is not one of a topic. Correct it.")
        }
        defer { rd_kafka_ConfigResource_destroy(resource) }
        var resources: [OpaquePointer?] = [resource]
        let event = try ask(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, action, limit) { options, queue in
            rd_kafka_DescribeConfigs(client, &resources, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count)
        guard count > 0, let result = results?[0] else { return [] }
        let code = rd_kafka_ConfigResource_error(result)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(code, action, detail: String(orEmpty: rd_kafka_ConfigResource_error_string(result)))
        }
        var entryCount = 0
        let entries = rd_kafka_ConfigResource_configs(result, &entryCount)
        return (0..<entryCount).compactMap { index in
            guard let entry = entries?[index] else { return nil }
            return KafkaTopicSetting(
                name: String(orEmpty: rd_kafka_ConfigEntry_name(entry)),
                value: rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) },
                isDefault: rd_kafka_ConfigEntry_is_default(entry) != 0,
                isReadOnly: rd_kafka_ConfigEntry_is_read_only(entry) != 0
            )
        }
    }

    private static func specification(_ topic: KafkaTopicSpecification) throws(KafkaError) -> OpaquePointer {
        guard !topic.name.isEmpty, topic.partitions > 0 else {
            throw KafkaError(.invalidRequest, "Topic \(topic.name) cannot be created: it needs a name and at least one partition.")
        }
        var text = [CChar](repeating: 0, count: 512)
        let partitions = Int32(clamping: topic.partitions)
        guard let native = rd_kafka_NewTopic_new(topic.name, partitions, Int32(clamping: topic.replicationFactor), &text, text.count) else {
            throw KafkaError(.invalidRequest, "Topic \(topic.name) cannot be created like this: \(String(decodingC: text)). Correct it.")
        }
        for (name, value) in topic.settings { rd_kafka_NewTopic_set_config(native, name, value) }
        return native
    }

    /// - Returns: the answer, to be destroyed.
    private static func ask(
        _ client: OpaquePointer,
        _ operation: rd_kafka_admin_op_t,
        _ action: String,
        _ limit: Int32,
        _ request: (OpaquePointer?, OpaquePointer?) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        guard let queue = rd_kafka_queue_new(client), let options = rd_kafka_AdminOptions_new(client, operation) else {
            throw KafkaError(.other, "No memory for a request to Kafka.")
        }
        defer {
            rd_kafka_AdminOptions_destroy(options)
            rd_kafka_queue_destroy(queue)
        }
        var text = [CChar](repeating: 0, count: 512)
        rd_kafka_AdminOptions_set_request_timeout(options, limit, &text, text.count)
        request(options, queue)
        guard let event = rd_kafka_queue_poll(queue, limit &+ 5000) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, action)
        }
        let code = rd_kafka_event_error(event)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return event }
        defer { rd_kafka_event_destroy(event) }
        throw KafkaError(code, action, detail: String(orEmpty: rd_kafka_event_error_string(event)))
    }
}
