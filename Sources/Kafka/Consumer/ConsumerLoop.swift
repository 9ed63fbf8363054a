internal import CRdKafka
internal import Logging

/// The life of a consumer's thread: fetches, shares out, commits, closes.
///
/// `@unchecked Sendable`: everything mutable belongs to the polling thread, where commands run too.
final class ConsumerLoop: @unchecked Sendable {
    /// Long enough without a taker to tell the brokers to hold their messages, so that polling can go on and the group keeps us.
    static let patienceMilliseconds = 1000
    private static let messagesAtOnce = 1000

    let core: ConsumerCore
    let hooks: KafkaRebalanceHooks
    let observer: ClientObserver
    private let ending: Promise<Void>

    var assigned: Set<KafkaPartition> = []
    /// The rebalance whose hook is running, and those that came meanwhile.
    var rebalances: [Rebalance] = []
    var commits: [UInt: Promise<Void>] = [:]
    var lastCommit: UInt = 0
    /// The brokers were told to hold their messages because nobody takes them here.
    private var isHolding = false

    init(core: ConsumerCore, hooks: KafkaRebalanceHooks, observer: ClientObserver, ending: Promise<Void>) {
        self.core = core
        self.hooks = hooks
        self.observer = observer
        self.ending = ending
    }

    func run() {
        while core.phase == .open {
            runCommands()
            if holdBack() { continue }
            poll(milliseconds: 1000)
        }
        let hasLeft = closeGroup()
        for command in core.close() { command(self) }
        for commit in commits.values { commit.complete(.failure(KafkaError.shutDown)) }
        core.client.destroy(abruptly: !hasLeft)
        ending.complete(.success(()))
    }

    private func runCommands() {
        for command in core.takeCommands() { command(self) }
    }

    // MARK: Back-pressure

    /// True when the turn was spent on waiting for a taker.
    private func holdBack() -> Bool {
        if isHolding {
            guard core.hasRoom else { return false }
            hold(false)
            setPaused(false, assigned.subtracting(core.pausedPartitions))
        }
        guard core.isFull else { return false }
        core.waitForRoom(milliseconds: Self.patienceMilliseconds)
        guard core.isFull, core.phase == .open else { return true }
        hold(true)
        setPaused(true, assigned.subtracting(core.pausedPartitions))
        return false
    }

    private func hold(_ isHolding: Bool) {
        self.isHolding = isHolding
        core.setHolding(isHolding)
    }

    func setPaused(_ isPaused: Bool, _ partitions: Set<KafkaPartition>) {
        guard !partitions.isEmpty, let list = try? TopicPartitions(Array(partitions)) else { return }
        _ = try? core.client.use { isPaused ? rd_kafka_pause_partitions($0, list.list) : rd_kafka_resume_partitions($0, list.list) }
    }

    /// New partitions of a consumer that holds back are held too.
    func holdIfNeeded(_ partitions: Set<KafkaPartition>) {
        if isHolding { setPaused(true, partitions) }
    }

    // MARK: Polling

    /// Waits for one event, then takes what else is there.
    private func poll(milliseconds: Int32) {
        var messages: [KafkaMessage] = []
        var wait = milliseconds
        while messages.count < Self.messagesAtOnce, let event = core.client.nextEvent(milliseconds: wait) {
            wait = 0
            if rd_kafka_event_type(event) == RD_KAFKA_EVENT_FETCH {
                while let native = rd_kafka_event_message_next(event) { read(native, into: &messages) }
                rd_kafka_event_destroy(event)
                continue
            }
            // What came before it is handed out before it counts.
            if !messages.isEmpty { core.deliver(messages) }
            messages = []
            handle(event)
            rd_kafka_event_destroy(event)
        }
        if !messages.isEmpty { core.deliver(messages) }
    }

    private func read(_ native: UnsafePointer<rd_kafka_message_t>, into messages: inout [KafkaMessage]) {
        guard native.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let place = "\(String(orEmpty: native.pointee.rkt.flatMap { rd_kafka_topic_name($0) }))[\(native.pointee.partition)]"
            return tell(KafkaError(native.pointee.err, "\(place) could not be read", detail: String(orEmpty: rd_kafka_message_errstr(native))))
        }
        messages.append(MessageReader.read(native))
    }

    private func handle(_ event: OpaquePointer) {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_REBALANCE: rebalance(event)
        case RD_KAFKA_EVENT_OFFSET_COMMIT: committed(event)
        case RD_KAFKA_EVENT_ERROR: failed(event)
        default: _ = observer.observe(event, core.client)
        }
    }

    private func failed(_ event: OpaquePointer) {
        let native = rd_kafka_event_error(event)
        let place = rd_kafka_event_topic_partition(event)
        defer { if let place { rd_kafka_topic_partition_destroy(place) } }
        if native == RD_KAFKA_RESP_ERR__PARTITION_EOF, let place {
            let offset = KafkaOffset(topic: String(orEmpty: place.pointee.topic), partition: place.pointee.partition, offset: place.pointee.offset)
            return core.announce(.endOfPartition(offset))
        }
        guard rd_kafka_event_error_is_fatal(event) == 0 else {
            if let fatal = observer.observe(event, core.client) { core.fail(fatal) }
            return
        }
        let action =
            if let place, place.pointee.partition >= 0 {
                "\(String(orEmpty: place.pointee.topic))[\(place.pointee.partition)] could not be read"
            } else if let place {
                "Topic \(String(orEmpty: place.pointee.topic)) could not be read"
            } else {
                "Reading from Kafka was disturbed"
            }
        tell(KafkaError(native, action, detail: String(orEmpty: rd_kafka_event_error_string(event))))
    }

    /// What goes away by itself is an event; what needs somebody is thrown.
    private func tell(_ error: KafkaError) {
        if error.isRetriable || error.code == .notAMember {
            observer.logger.warning("Reading from Kafka is disturbed", metadata: error.logged)
            core.announce(.disturbance(error))
        } else {
            core.fail(error)
        }
    }

    // MARK: The end

    /// Leaves the group: what the group takes back comes as a last rebalance, whose hook may commit.
    /// - Returns: false when the brokers did not answer in time.
    private func closeGroup() -> Bool {
        let closing: OpaquePointer? =
            (try? core.client.use { client -> OpaquePointer? in
                guard let queue = rd_kafka_queue_new(client) else { return nil }
                if let error = rd_kafka_consumer_close_queue(client, queue) {
                    // A consumer that failed for good has left its group already.
                    rd_kafka_error_destroy(error)
                    rd_kafka_queue_destroy(queue)
                    return nil
                }
                return queue
            }) ?? nil
        guard let closing else { return false }
        core.client.replaceQueue(with: closing)
        var end = ContinuousClock.now + core.grace
        while !isClosed || !rebalances.isEmpty {
            runCommands()
            pollOnce(milliseconds: 100)
            // Hooks have the time that they need; the brokers have not.
            if !rebalances.isEmpty { end = ContinuousClock.now + core.grace }
            if ContinuousClock.now >= end { return false }
        }
        // Commits of the last hook.
        while !commits.isEmpty, ContinuousClock.now < end { pollOnce(milliseconds: 100) }
        return true
    }

    private var isClosed: Bool {
        (try? core.client.use { rd_kafka_consumer_closed($0) }) != 0
    }

    private func pollOnce(milliseconds: Int32) {
        guard let event = core.client.nextEvent(milliseconds: milliseconds) else { return }
        if rd_kafka_event_type(event) != RD_KAFKA_EVENT_FETCH { handle(event) }
        rd_kafka_event_destroy(event)
    }
}
