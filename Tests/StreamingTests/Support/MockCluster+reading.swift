import Kafka

extension MockCluster {
    /// All that can be read of a topic now, of each partition in order.
    func read(_ topic: String) async throws -> [KafkaMessage] {
        var configuration = configuration
        configuration.settings["isolation.level"] = "read_committed"
        configuration.settings["fetch.wait.max.ms"] = "50"
        let consumer = try KafkaConsumer(configuration: configuration, logger: .quiet)
        var messages: [KafkaMessage] = []
        for partition in try await consumer.topic(topic).partitions {
            let marks = try await consumer.watermarks(of: KafkaPartition(topic: topic, partition: partition.number))
            guard marks.high > marks.low else { continue }
            try await consumer.assign([KafkaOffset(topic: topic, partition: partition.number, offset: marks.low)])
            // The last places may be those of markers, which nobody is handed.
            let (box, events) = (Collected(), consumer.events)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { while let next = try? await consumer.next(limit: 1_000) { box.add(next) } }
                group.addTask {
                    for await event in events {
                        if case .endOfPartition(let place) = event, place.partition == partition.number { break }
                    }
                    try? await Task.sleep(for: .milliseconds(100))
                }
                await group.next()
                group.cancelAll()
            }
            messages += box.messages
        }
        await consumer.shutdown()
        return messages
    }
}
