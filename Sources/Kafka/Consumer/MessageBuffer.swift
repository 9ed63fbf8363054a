/// Messages between the polling thread and who asks for them: bounded, without those of partitions that were taken away, and with those
/// of paused partitions set aside.
struct MessageBuffer {
    /// The polling thread stops fetching at either.
    static let fullCount = 4000
    static let fullBytes = 16 << 20

    private var ready: [KafkaMessage] = []
    /// The first of `ready` that was not taken.
    private var head = 0
    private var bytes = 0
    private var aside: [KafkaPartition: [KafkaMessage]] = [:]
    private var paused: Set<KafkaPartition> = []

    var isEmpty: Bool { head == ready.count }
    var isFull: Bool { ready.count - head >= Self.fullCount || bytes >= Self.fullBytes }
    /// Room enough to fetch again.
    var hasRoom: Bool { ready.count - head <= Self.fullCount / 2 && bytes <= Self.fullBytes / 2 }

    mutating func append(_ messages: [KafkaMessage]) {
        if paused.isEmpty {
            for message in messages { bytes += message.size }
            if isEmpty {
                ready = messages
                head = 0
            } else {
                ready += messages
            }
            return
        }
        for message in messages {
            if paused.contains(message.place) {
                aside[message.place, default: []].append(message)
            } else {
                ready.append(message)
                bytes += message.size
            }
        }
    }

    mutating func take(_ limit: Int) -> [KafkaMessage] {
        let taken: [KafkaMessage]
        if head == 0, ready.count <= limit {
            taken = ready
            ready = []
        } else {
            let end = min(ready.count, head + max(1, limit))
            taken = Array(ready[head..<end])
            head = end
            if head == ready.count {
                ready = []
                head = 0
            } else if head > ready.count / 2 {
                ready.removeFirst(head)
                head = 0
            }
        }
        for message in taken { bytes -= message.size }
        return taken
    }

    /// Puts back what was taken and found no taker.
    mutating func putBack(_ messages: [KafkaMessage]) {
        ready = messages + ready[head...]
        head = 0
        for message in messages { bytes += message.size }
    }

    mutating func drop(_ partitions: Set<KafkaPartition>) {
        filter { !partitions.contains($0.place) }
        for partition in partitions { aside[partition] = nil }
    }

    /// What is given up is not paused when it comes back.
    mutating func forget(_ partitions: Set<KafkaPartition>) {
        drop(partitions)
        paused.subtract(partitions)
    }

    mutating func clear() {
        self = MessageBuffer()
    }

    mutating func pause(_ partitions: Set<KafkaPartition>) {
        paused.formUnion(partitions)
        for message in ready[head...] where partitions.contains(message.place) { aside[message.place, default: []].append(message) }
        filter { !partitions.contains($0.place) }
    }

    mutating func resume(_ partitions: Set<KafkaPartition>) {
        paused.subtract(partitions)
        for partition in partitions {
            guard let messages = aside.removeValue(forKey: partition) else { continue }
            putBack(messages)
        }
    }

    var pausedPartitions: Set<KafkaPartition> { paused }

    private mutating func filter(_ isKept: (KafkaMessage) -> Bool) {
        ready = ready[head...].filter(isKept)
        head = 0
        bytes = ready.reduce(0) { $0 + $1.size }
    }
}

extension KafkaMessage {
    var place: KafkaPartition { KafkaPartition(topic: topic, partition: partition) }

    /// Bytes that it roughly holds in memory.
    fileprivate var size: Int {
        headers.reduce(128 + (key?.count ?? 0) + (value?.count ?? 0)) { $0 + 64 + ($1.value?.count ?? 0) }
    }
}
