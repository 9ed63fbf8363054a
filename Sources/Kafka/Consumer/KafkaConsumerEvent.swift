/// What happens to a consumer beside messages.
public enum KafkaConsumerEvent: Sendable, Hashable {
    /// These partitions are ours from now on.
    case assigned([KafkaPartition])
    /// These were given up; the hook has been called.
    case revoked(KafkaRevocation)
    /// The partition was fetched to its end, which is at this offset. Messages before it may still wait in ``KafkaConsumer/next(limit:)``.
    case endOfPartition(KafkaOffset)
    /// A fault that librdkafka is working on, such as a broker that is gone.
    case disturbance(KafkaError)
}
