internal import CRdKafka
public import Logging

/// Creates topics and looks at what there is. Calls are made one after the other on a thread of their own, since they block.
public final class KafkaAdministration: Sendable {
    private let client: NativeClient
    private let limit: Int32
    private let worker = WorkerThread()

    /// Connects in the background.
    /// - Parameter limit: how long the cluster may take to answer one request, at most an hour.
    /// - Throws: `invalidConfiguration` with the setting's name.
    public init(configuration: KafkaConfiguration, limit: Duration = .seconds(15), logger: Logger) throws(KafkaError) {
        self.limit = Int32(clamping: min(max(limit, .milliseconds(1)), .seconds(3600)).milliseconds)
        let settings = try NativeSettings(configuration, defaults: [:], required: [:], events: RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_ERROR)
        let client = try NativeClient(.producer, settings)
        self.client = client
        let observer = ClientObserver(logger: logger, statistics: nil)
        let isServed = NativeThread.start {
            // Ends when the client is destroyed.
            while client.isOpen {
                guard let event = client.nextEvent(milliseconds: 1000) else { continue }
                _ = observer.observe(event, client)
                rd_kafka_event_destroy(event)
            }
        }
        guard isServed else {
            client.destroy()
            throw KafkaError(.other, "The system gave no thread for Kafka's administration. Raise its limits.", isRetriable: true)
        }
    }

    deinit {
        worker.close()
        let client = client
        if !NativeThread.start({ client.destroy() }) { client.destroy() }
    }

    /// Creates topics, and waits until the controller has them.
    /// - Returns: what became of each: `topicExists` when it was there already.
    /// - Throws: when no broker could be asked; `unsupported` when it knows no such request; `timedOut` when there is no controller, as with librdkafka's mock.
    public func createTopics(_ topics: [KafkaTopicSpecification]) async throws -> [String: Result<Void, KafkaError>] {
        guard !topics.isEmpty else { return [:] }
        return try await query { [limit] client throws(KafkaError) in try AdminRequests.create(topics, client, limit: limit) }
    }

    /// A topic and its partitions.
    /// - Throws: `unknownTopic`.
    public func topic(_ name: String) async throws -> KafkaTopic {
        let found = try await query { [limit] client throws(KafkaError) in try ClusterQueries.topics(name, of: client, limit: limit) }
        guard let topic = found.first else { throw KafkaError(.unknownTopic, "Topic \(name) does not exist. Create it.") }
        return topic
    }

    /// All topics that we may see.
    public func topics() async throws -> [KafkaTopic] {
        try await query { [limit] client throws(KafkaError) in try ClusterQueries.topics(nil, of: client, limit: limit) }
    }

    /// A topic's settings, such as `cleanup.policy`, those of the broker that it follows among them.
    public func settings(ofTopic name: String) async throws -> [KafkaTopicSetting] {
        try await query { [limit] client throws(KafkaError) in try AdminRequests.settings(ofTopic: name, client, limit: limit) }
    }

    /// Frees all resources. Returns when that is done; a call that is under way is waited for.
    public func shutdown() async {
        worker.close()
        let ending = Promise<Void>()
        let client = client
        let end: @Sendable () -> Void = {
            client.destroy()
            ending.complete(.success(()))
        }
        if !NativeThread.start(end) { end() }
        await Task { _ = try? await ending.value() }.value
    }

    private func query<Value: Sendable>(
        _ body: @escaping @Sendable (OpaquePointer) throws(KafkaError) -> Value
    ) async throws -> Value {
        try await worker.call { [client] _ in try client.use(body) }
    }
}
