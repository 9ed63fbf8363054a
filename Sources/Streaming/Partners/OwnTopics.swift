import Kafka
import Synchronization
import Timekeeping

/// Which topics of partners' own can be written. They are looked up before an answer goes there, and again after a while: one that is not there
/// would hold up all answers for as long as the producer hopes for it.
final class OwnTopics: Sendable {
    private struct Finding {
        var isUsable: Bool
        var until: Instant
    }

    /// Milliseconds that a finding holds.
    private static let lasting: Int64 = 60_000
    private let findings = Mutex<[String: Finding]>([:])
    private let time: TimeSource

    init(time: TimeSource) { self.time = time }

    /// - Parameter look: throws if the topic is not there, or not for us.
    func isUsable(_ topic: String, _ look: () async throws -> KafkaTopic) async throws -> Bool {
        let now = time.now()
        if let known = findings.withLock({ $0[topic] }), now < known.until { return known.isUsable }
        let isUsable: Bool
        do {
            isUsable = !(try await look().partitions.isEmpty)
        } catch is KafkaError {
            isUsable = false
        }
        note(topic, isUsable)
        return isUsable
    }

    /// Writing them failed.
    func distrust(_ topics: Set<String>) {
        for topic in topics { note(topic, false) }
    }

    private func note(_ topic: String, _ isUsable: Bool) {
        let until = time.now().adding(milliseconds: Self.lasting)
        findings.withLock { $0[topic] = Finding(isUsable: isUsable, until: until) }
    }
}
