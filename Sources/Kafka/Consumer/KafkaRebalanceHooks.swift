/// What a consumer asks and tells while its group shares out the partitions.
///
/// Both hooks may call the consumer, commits included. The group waits for them, at most `max.poll.interval.ms`; then it goes on without us.
public struct KafkaRebalanceHooks: Sendable {
    /// Says where to begin with partitions that are new to us. Those that are not named begin where the group committed last.
    public var onAssign: (@Sendable ([KafkaPartition]) async -> [KafkaOffset])?
    /// Called before partitions are given up: finish or drop what is in work, commit what is done. Nothing of them is handed out any more.
    public var onRevoke: (@Sendable (KafkaRevocation) async -> Void)?

    public init(
        onAssign: (@Sendable ([KafkaPartition]) async -> [KafkaOffset])? = nil,
        onRevoke: (@Sendable (KafkaRevocation) async -> Void)? = nil
    ) {
        self.onAssign = onAssign
        self.onRevoke = onRevoke
    }
}
