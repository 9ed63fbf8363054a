internal import Foundation

/// The part of librdkafka's statistics (STATISTICS.md) that we turn into gauges.
struct Statistics: Decodable {
    struct Broker: Decodable {
        struct Window: Decodable {
            let avg: Double
        }

        let nodeid: Int
        let rtt: Window?
    }

    struct Topic: Decodable {
        struct Partition: Decodable {
            let partition: Int
            let desired: Bool?
            let hi_offset: Int64?
            let app_offset: Int64?
        }

        let topic: String
        let partitions: [String: Partition]?
    }

    let name: String
    /// Records in the local queue and in flight.
    let msg_cnt: Int?
    let msg_size: Int?
    let brokers: [String: Broker]?
    let topics: [String: Topic]?

    static func parse(_ text: String) -> Statistics? {
        try? JSONDecoder().decode(Statistics.self, from: Data(text.utf8))
    }
}
