import Kafka
import Synchronization

/// Messages that one task collects and another counts.
final class MessageBox: Sendable {
    private let state = Mutex<[KafkaMessage]>([])

    var messages: [KafkaMessage] { state.withLock { $0 } }
    var count: Int { state.withLock { $0.count } }

    func add(_ messages: [KafkaMessage]) { state.withLock { $0 += messages } }
}
