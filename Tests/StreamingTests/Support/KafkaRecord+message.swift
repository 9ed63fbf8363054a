import Kafka

extension KafkaRecord {
    /// The record as it is read again.
    func message(partition: Int32 = 0, offset: Int64) -> KafkaMessage {
        KafkaMessage(topic: topic, partition: partition, offset: offset, key: key, value: value, headers: headers, timestamp: timestamp)
    }
}
