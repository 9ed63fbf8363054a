internal import CRdKafka
internal import Synchronization

/// What a producer's callers, its polling thread and its worker share.
///
/// Records are handed over by the caller's thread; when the local queue is full the rest of the batch waits in `waiting`, and the polling
/// thread goes on with it as delivery reports make room.
final class ProducerCore: Sendable {
    private struct State {
        var phase = Phase.open
        /// Batches whose fate is open, held for librdkafka, which knows their slots.
        var open: [ObjectIdentifier: DeliveryBatch] = [:]
        /// Batches that wait for room, in order.
        var waiting: [DeliveryBatch] = []
        var fatal: KafkaError?
        var isPolling = true
    }

    private enum Phase { case open, draining, ended }

    let client: NativeClient
    let observer: ClientObserver
    private let monitor = Monitor(State())
    /// Records that librdkafka has.
    private let inFlight = Atomic<Int>(0)
    /// Nothing is handed over any more.
    private let isStopped = Atomic<Bool>(false)

    init(client: NativeClient, observer: ClientObserver) {
        self.client = client
        self.observer = observer
    }

    /// - Throws: when the system has no room for one more thread.
    func start() throws(KafkaError) {
        guard NativeThread.start({ self.poll() }) else {
            client.destroy()
            throw KafkaError(.other, "The system gave no thread for a Kafka producer. Raise its limits.", isRetriable: true)
        }
    }

    func deliver(_ records: [KafkaRecord]) async throws -> [Result<KafkaOffset, KafkaError>] {
        guard !records.isEmpty else { return [] }
        try Task.checkCancellation()
        let batch = DeliveryBatch(records)
        try register(batch)
        submit(batch)
        try await withTaskCancellationHandler {
            try await batch.done.value()
        } onCancel: {
            // What waits for room is dropped by the thread that would go on with it.
            client.wake()
        }
        return batch.results(of: client)
    }

    // MARK: Handing over

    private func register(_ batch: DeliveryBatch) throws(KafkaError) {
        let refusal: KafkaError? = monitor.withLock { state in
            if let fatal = state.fatal { return fatal }
            guard state.phase == .open else { return KafkaError.shutDown }
            state.open[ObjectIdentifier(batch)] = batch
            return nil
        }
        if let refusal { throw refusal }
    }

    private func submit(_ batch: DeliveryBatch) {
        let isFirst = monitor.withLock { state in
            guard !state.waiting.isEmpty else { return true }
            state.waiting.append(batch)
            return false
        }
        guard isFirst else { return client.wake() }
        guard !handOver(batch) else { return }
        monitor.withLock { $0.waiting.append(batch) }
        // Room may have come between the attempt and the queueing.
        client.wake()
    }

    /// False when the local queue is full.
    private func handOver(_ batch: DeliveryBatch) -> Bool {
        let isDone: Bool
        do {
            isDone = try client.use { handle in
                while batch.next < batch.records.count {
                    if isStopped.load(ordering: .relaxed) { break }
                    if batch.isAbandoned { return finishIfLast(batch, batch.endHandingOver(rest: DeliveryBatch.cancelled)) }
                    guard handOverNext(of: batch, to: handle) else { return false }
                }
                return finishIfLast(batch, batch.endHandingOver(rest: RD_KAFKA_RESP_ERR__PURGE_QUEUE.rawValue))
            }
        } catch {
            isDone = finishIfLast(batch, batch.endHandingOver(rest: RD_KAFKA_RESP_ERR__DESTROY.rawValue))
        }
        return isDone
    }

    /// False when the local queue is full.
    private func handOverNext(of batch: DeliveryBatch, to handle: OpaquePointer) -> Bool {
        let index = batch.next
        // Counted before, because the report may come before the call returns.
        inFlight.add(1, ordering: .relaxed)
        let result = RecordWriter.write(batch.records[index], to: handle, slot: batch.slots + index)
        if result == RD_KAFKA_RESP_ERR_NO_ERROR {
            batch.next = index + 1
            return true
        }
        let others = inFlight.subtract(1, ordering: .relaxed).newValue
        guard result == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
            fail(batch, at: index, result.rawValue)
            return true
        }
        // With nothing on its way no report would ever make room.
        guard others == 0, rd_kafka_outq_len(handle) == 0 else { return false }
        fail(batch, at: index, DeliveryBatch.neverFits)
        return true
    }

    private func fail(_ batch: DeliveryBatch, at index: Int, _ outcome: Int32) {
        batch.slots[index].outcome = outcome
        batch.next = index + 1
        // Never the last: the handing over itself is counted too.
        _ = batch.countOff(1)
    }

    /// Returns true, so that it ends a handing over.
    private func finishIfLast(_ batch: DeliveryBatch, _ isLast: Bool) -> Bool {
        if isLast { finish(batch) }
        return true
    }

    private func finish(_ batch: DeliveryBatch) {
        monitor.change { _ = $0.open.removeValue(forKey: ObjectIdentifier(batch)) }
        batch.done.complete(.success(()))
    }

    // MARK: The polling thread

    private func poll() {
        let reports = UnsafeMutablePointer<UnsafePointer<rd_kafka_message_t>?>.allocate(capacity: Self.reportsAtOnce)
        defer { reports.deallocate() }
        while monitor.withLock({ $0.phase != .ended }) {
            // The time limit is only a second chance: events and `wake` end the wait.
            if let event = client.nextEvent(milliseconds: 1000) { handle(event, reports) }
            goOnWithWaiting()
        }
        monitor.change { $0.isPolling = false }
    }

    private static let reportsAtOnce = 1024

    private func handle(_ event: OpaquePointer, _ reports: UnsafeMutablePointer<UnsafePointer<rd_kafka_message_t>?>) {
        guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR else {
            if let fatal = observer.observe(event, client) { monitor.withLock { $0.fatal = $0.fatal ?? fatal } }
            rd_kafka_event_destroy(event)
            return
        }
        var finished: [DeliveryBatch] = []
        var total = 0
        while true {
            let count = rd_kafka_event_message_array(event, reports, Self.reportsAtOnce)
            if count == 0 { break }
            total += count
            note(reports, count, &finished)
        }
        // Destroying the event is what makes room in the local queue.
        rd_kafka_event_destroy(event)
        inFlight.subtract(total, ordering: .relaxed)
        for batch in finished { finish(batch) }
    }

    /// Writes reports into their slots; reports of one batch mostly come in a row and are counted off together.
    private func note(_ reports: UnsafeMutablePointer<UnsafePointer<rd_kafka_message_t>?>, _ count: Int, _ finished: inout [DeliveryBatch]) {
        var current: Unmanaged<DeliveryBatch>?
        var inRow = 0
        func close() {
            guard let batch = current?.takeUnretainedValue(), batch.countOff(inRow) else { return }
            finished.append(batch)
        }
        for index in 0..<count {
            guard let report = reports[index], let context = report.pointee._private else { continue }
            let slot = context.assumingMemoryBound(to: DeliveryBatch.Slot.self)
            slot.pointee.offset = report.pointee.offset
            slot.pointee.partition = report.pointee.partition
            slot.pointee.outcome = report.pointee.err.rawValue
            let batch = slot.pointee.batch
            if batch.toOpaque() != current?.toOpaque() {
                close()
                current = batch
                inRow = 0
            }
            inRow += 1
        }
        close()
    }

    private func goOnWithWaiting() {
        while let batch = monitor.withLock({ $0.waiting.first }) {
            guard handOver(batch) else { return dropAbandoned() }
            monitor.change { state in _ = state.waiting.removeFirst() }
        }
    }

    /// The queue is full and the first batch waits on; a batch behind it whose sender has gone is ended.
    private func dropAbandoned() {
        let abandoned = monitor.change { state in
            let gone = state.waiting.dropFirst().filter { $0.isAbandoned }
            if !gone.isEmpty { state.waiting.removeAll { batch in gone.contains { $0 === batch } } }
            return Array(gone)
        }
        for batch in abandoned { _ = finishIfLast(batch, batch.endHandingOver(rest: DeliveryBatch.cancelled)) }
    }

    // MARK: The end

    /// Refuses new records. False when that was done before.
    func beginShutdown() -> Bool {
        monitor.change { state in
            defer { if state.phase == .open { state.phase = .draining } }
            return state.phase == .open
        }
    }

    /// Blocks until every record has its outcome, at most so many milliseconds; true when all have.
    func drain(milliseconds: Int) -> Bool {
        var left = milliseconds
        while left > 0 {
            let slice = min(left, 250)
            // Ends lingering; the reports themselves are handled by the polling thread.
            _ = try? client.use { rd_kafka_flush($0, Int32(slice / 2)) }
            if monitor.wait(milliseconds: slice / 2, for: { $0.open.isEmpty ? true : nil }) == true { return true }
            left -= slice
        }
        return monitor.withLock { $0.open.isEmpty }
    }

    /// Gives up what is left, ends the polling thread, frees librdkafka's memory. Blocks.
    func end() {
        isStopped.store(true, ordering: .relaxed)
        // More than once: a record may slip in between the flag and the purge.
        for _ in 0..<10 {
            _ = try? client.use { rd_kafka_purge($0, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT) }
            client.wake()
            if drain(milliseconds: 1000) { break }
        }
        monitor.change { $0.phase = .ended }
        client.wake()
        monitor.wait { $0.isPolling ? nil : () }
        client.destroy()
        // No report comes any more: whoever still waits is told so.
        let left = monitor.withLock { state in
            defer { state.open = [:] }
            return Array(state.open.values)
        }
        for batch in left { batch.done.complete(.failure(KafkaError.shutDown)) }
    }

    var isOpen: Bool { monitor.withLock { $0.phase == .open } }
}
