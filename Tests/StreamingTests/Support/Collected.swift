import Kafka
import Synchronization

/// Messages that one task collects and another looks at.
final class Collected: Sendable {
    private let state = Mutex<[KafkaMessage]>([])
    var messages: [KafkaMessage] { state.withLock { $0 } }
    func add(_ messages: [KafkaMessage]) { state.withLock { $0 += messages } }
}
