/// The ends of a partition.
public struct KafkaWatermarks: Sendable, Hashable {
    /// Offset of the oldest message.
    public var low: Int64
    /// Offset that the next message will get: one after the newest.
    public var high: Int64

    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }
}
