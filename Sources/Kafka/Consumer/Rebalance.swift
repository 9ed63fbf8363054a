/// One turn of sharing out: partitions given to us, or taken back.
struct Rebalance {
    enum Kind: Equatable {
        case assign
        case revoke(isLost: Bool)
    }

    let kind: Kind
    /// As librdkafka gave them: where to begin may be among it.
    let offsets: [KafkaOffset]

    var partitions: [KafkaPartition] { offsets.map(\.place) }
}
