import EventStore
import Kafka

/// A partner's feed from one start to the next; used by one task.
struct PartnerFeedSession: PartnerLine.Session {
    private let feed: PartnerFeed
    private let records: PartnerRecords
    private var producer: KafkaProducer?
    /// Whether anything was written, or found to be nothing, since the start.
    private(set) var hasWorked = false

    init(_ feed: PartnerFeed) {
        self.feed = feed
        records = PartnerRecords(topic: feed.topic, territory: feed.topics.territory)
    }

    mutating func run() async throws -> Never {
        let producer = try feed.line.makeProducer()
        self.producer = producer
        // Ends what is open, and fences off who was there before: then the end stays where it is.
        try await producer.initTransactions()
        var position = try await feed.resume()
        feed.status.succeed(position: position)
        while true {
            try Task.checkCancellation()
            let events = try feed.log.read(after: position, limit: feed.settings.batchLimit)
            guard let last = events.last else {
                _ = try await feed.log.nextCommit(after: position)
                continue
            }
            let batch = try events.flatMap { event in records.records(of: try feed.documents(event), event) }
            if !batch.isEmpty { _ = try await producer.transaction(batch) }
            position = last.position
            hasWorked = true
            feed.status.succeed(position: position, count: batch.count)
        }
    }

    mutating func end() async {
        await producer?.shutdown(grace: .seconds(2))
        producer = nil
    }
}
