internal import CRdKafka

/// librdkafka's handle and the queue of its events. Calls come in through ``use(_:)``; ``destroy()`` waits for the last of them, so that
/// none can reach freed memory.
///
/// `@unchecked Sendable`: librdkafka's functions may be called from any thread; `gate` keeps the pointers valid for as long as a call lasts.
final class NativeClient: @unchecked Sendable {
    enum Kind { case producer, consumer }

    private struct Gate {
        var queue: OpaquePointer
        var users = 0
        /// Those of them that have the queue.
        var pollers = 0
        var isClosed = false
    }

    private let pointer: OpaquePointer
    private let gate: Monitor<Gate>

    init(_ kind: Kind, _ settings: NativeSettings) throws(KafkaError) {
        let made = try settings.makeClient(kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER)
        if kind == .consumer { rd_kafka_poll_set_consumer(made) }
        guard let queue = kind == .consumer ? rd_kafka_queue_get_consumer(made) : rd_kafka_queue_get_main(made) else {
            rd_kafka_destroy(made)
            throw KafkaError(.other, "librdkafka gave no event queue; group.id is missing, or memory is.")
        }
        rd_kafka_set_log_queue(made, nil)
        pointer = made
        gate = Monitor(Gate(queue: queue))
    }

    /// Lends the handle for one call.
    /// - Throws: `closed` when it is destroyed.
    func use<Value>(_ body: (OpaquePointer) throws(KafkaError) -> Value) throws(KafkaError) -> Value {
        guard enter() else { throw KafkaError.shutDown }
        defer { leave() }
        return try body(pointer)
    }

    /// The next event, waited for so many milliseconds; `nil` when there was none, when ``wake()`` was called, or after the end.
    func nextEvent(milliseconds: Int32) -> OpaquePointer? {
        guard let queue = enterQueue() else { return nil }
        defer { leaveQueue() }
        return rd_kafka_queue_poll(queue, milliseconds)
    }

    /// Makes the thread that waits for an event return at once, or next time.
    func wake() {
        guard let queue = enterQueue() else { return }
        defer { leaveQueue() }
        rd_kafka_queue_yield(queue)
    }

    /// From now on events come from `queue`, whose reference is taken over. Only for the thread that polls.
    func replaceQueue(with queue: OpaquePointer) {
        let former = gate.withLock { gate in
            defer { gate.queue = queue }
            return gate.queue
        }
        // A `wake` that still holds the former queue must be over before its reference goes.
        gate.wait { $0.pollers == 0 ? () : nil }
        rd_kafka_queue_destroy(former)
    }

    /// Blocks until the last call is over and librdkafka's threads have ended. A second call does nothing.
    /// - Parameter abruptly: does not wait until a consumer's group has let it go.
    func destroy(abruptly: Bool = false) {
        let isFirst = gate.change { gate in
            guard !gate.isClosed else { return false }
            gate.isClosed = true
            // Ends a wait for events.
            rd_kafka_queue_yield(gate.queue)
            return true
        }
        guard isFirst else { return }
        let queue = gate.wait { $0.users == 0 ? $0.queue : nil }
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy_flags(pointer, abruptly ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0)
    }

    /// Not destroyed, nor about to be.
    var isOpen: Bool { gate.withLock { !$0.isClosed } }

    private func enter() -> Bool {
        gate.withLock { gate in
            guard !gate.isClosed else { return false }
            gate.users += 1
            return true
        }
    }

    private func leave() {
        gate.change { $0.users -= 1 }
    }

    private func enterQueue() -> OpaquePointer? {
        gate.withLock { gate in
            guard !gate.isClosed else { return nil }
            gate.users += 1
            gate.pollers += 1
            return gate.queue
        }
    }

    private func leaveQueue() {
        gate.change { gate in
            gate.users -= 1
            gate.pollers -= 1
        }
    }
}
