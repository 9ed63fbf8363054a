import Kafka

extension KafkaError {
    /// Whether trying again cannot help: somebody has to change something here.
    var isLasting: Bool { code == .invalidConfiguration || code == .invalidRequest || code == .unsupported }
}
