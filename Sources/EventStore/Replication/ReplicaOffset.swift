/// Where the follower of a replica goes on reading, kept in the same transaction as what it has read.
public struct ReplicaOffset: Sendable, Hashable {
    public var topic: String
    public var partition: Int32
    /// The first that was not read yet; not negative.
    public var next: Int64

    public init(topic: String, partition: Int32, next: Int64) {
        self.topic = topic
        self.partition = partition
        self.next = next
    }
}
