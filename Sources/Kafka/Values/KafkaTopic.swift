/// A topic as the cluster describes it.
public struct KafkaTopic: Sendable, Hashable {
    public var name: String
    /// By number.
    public var partitions: [Partition]

    /// Who holds a partition.
    public struct Partition: Sendable, Hashable {
        public var number: Int32
        /// Broker that takes writes; `nil` while there is none.
        public var leader: Int32?
        public var replicas: [Int32]
        public var inSyncReplicas: [Int32]

        public init(number: Int32, leader: Int32?, replicas: [Int32], inSyncReplicas: [Int32]) {
            self.number = number
            self.leader = leader
            self.replicas = replicas
            self.inSyncReplicas = inSyncReplicas
        }
    }

    public init(name: String, partitions: [Partition]) {
        self.name = name
        self.partitions = partitions
    }
}
