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
            try await takeOver(place.partition)
        }
    }

    func take(_ messages: [KafkaMessage]) async throws {
        var touched: Set<Int32> = []
        for message in messages {
            guard var reading = readings[message.partition], !reading.isTakenOver else { continue }
            // A copy of the dictionary beside would be made anew with each record.
            readings[message.partition] = nil
            reading.next = message.offset + 1
            if let key = message.key { reading.left[key] = message.value == nil ? nil : message }
            readings[message.partition] = reading
            touched.insert(message.partition)
        }
        for share in touched.sorted() { try await takeOver(share) }
    }

    /// Takes a share over once its partition was read to its end.
    private func takeOver(_ share: Int32) async throws {
        guard let reading = readings[share], !reading.isTakenOver, let end = reading.end, reading.next >= end else { return }
        readings[share]?.isTakenOver = true
        readings[share]?.left = [:]
        let left = reading.left.values.sorted { $0.offset < $1.offset }
        try await work.worker.restore(share, left)
        // Given up meanwhile, or given up and assigned anew.
        guard let now = readings[share], now.isTakenOver else { return }
        work.logger.notice("A share was taken over", metadata: ["topic": "\(work.topic)", "share": "\(share)", "begun": "\(left.count)"])
        work.worker.grant(share)
    }

    func giveUp(_ shares: Set<Int32>) async {
        for share in shares { readings[share] = nil }
        await work.worker.release(shares)
    }

    func giveUpAll() async { await giveUp(Set(readings.keys)) }
}
