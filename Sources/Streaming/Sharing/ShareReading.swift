import EventStore
import Kafka
import Logging

/// The shares of one session: which are being read, and which were taken over.
actor ShareReading {
    private struct Reading {
        /// Where the partition ended when it was assigned; nil until that is known.
        var end: Int64?
        var next: Int64 = 0
        var left: [[UInt8]: KafkaMessage] = [:]
        var isTakenOver = false
    }

    private let work: SharedWork
    private var readings: [Int32: Reading] = [:]

    init(_ work: SharedWork) { self.work = work }

    func expect(_ partitions: [KafkaPartition]) {
        for place in partitions { readings[place.partition] = Reading() }
    }

    func begin(_ partitions: [KafkaPartition], _ consumer: KafkaConsumer) async throws {
        for place in partitions {
            let marks = try await consumer.watermarks(of: place)
            // Given up meanwhile.
            guard let next = readings[place.partition]?.next else { continue }
            readings[place.partition]?.end = marks.high
            readings[place.partition]?.next = max(next, marks.low)
        }
        try await takeOver()
    }

    func take(_ messages: [KafkaMessage]) async throws {
        for message in messages {
            guard var reading = readings[message.partition] else { continue }
            if reading.isTakenOver {
                if message.headers.contains(where: { $0.name == SharedWork.requestHeader }) { await work.worker.hear(message) }
                continue
            }
            // A copy of the dictionary beside would be made anew with each record.
            readings[message.partition] = nil
            reading.next = KafkaOffset(topic: message.topic, partition: message.partition, offset: message.offset).next.offset
            if let key = message.key { reading.left[key] = message.value == nil ? nil : message }
            readings[message.partition] = reading
        }
        try await takeOver()
    }

    /// Takes over the shares whose partitions were read to their ends.
    private func takeOver() async throws {
        var left: [Int32: [KafkaMessage]] = [:]
        for (share, reading) in readings where !reading.isTakenOver {
            guard let end = reading.end, reading.next >= end else { continue }
            readings[share]?.isTakenOver = true
            readings[share]?.left = [:]
            left[share] = reading.left.values.sorted { $0.offset < $1.offset }
        }
        if left.isEmpty { return }
        try await restore(left)
        // Not those that were given up meanwhile, or given up and assigned anew.
        for (share, begun) in left.sorted(by: { $0.key < $1.key }) where readings[share]?.isTakenOver == true {
            work.logger.notice("A share was taken over", metadata: ["topic": "\(work.topic)", "share": "\(share)", "begun": "\(begun.count)"])
            work.worker.grant(share)
        }
    }

    /// In place: who leaves the group and comes back makes it wait.
    private func restore(_ left: [Int32: [KafkaMessage]]) async throws {
        try await work.patience.untilDone {
            guard left.keys.contains(where: { readings[$0]?.isTakenOver == true }) else { return }
            try await work.worker.restore(left)
        } onFailure: { error, _ in
            if let error = error as? StreamingError, error.code == .topicSettings { throw error }
            work.logger.warning("Shares could not be taken over", metadata: ["topic": "\(work.topic)", "error": "\(error)"])
        }
    }

    func giveUp(_ shares: Set<Int32>) async {
        for share in shares { readings[share] = nil }
        await work.worker.release(shares)
    }

    func giveUpAll() async { await giveUp(Set(readings.keys)) }
}
