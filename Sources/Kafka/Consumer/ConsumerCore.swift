internal import CRdKafka

/// What a consumer's callers and its polling thread share: messages on one side, commands on the other.
final class ConsumerCore: Sendable {
    typealias Command = @Sendable (ConsumerLoop) -> Void

    private struct Waiter {
        let limit: Int
        let promise: Promise<[KafkaMessage]>
    }

    private struct State {
        var phase = Phase.open
        var buffer = MessageBuffer()
        var waiters: [Waiter] = []
        var commands: [Command] = []
        /// Told once, after the messages before it.
        var failure: KafkaError?
        /// Told to everybody from now on.
        var fatal: KafkaError?
        /// The polling thread wants to know when there is room again.
        var isHolding = false
        var grace = Duration.zero
    }

    /// While it is closing, hooks may still commit.
    enum Phase { case open, closing, closed }

    let client: NativeClient
    let events: AsyncStream<KafkaConsumerEvent>
    private let eventSource: AsyncStream<KafkaConsumerEvent>.Continuation
    private let monitor = Monitor(State())

    init(client: NativeClient) {
        self.client = client
        // Who does not listen must not fill the memory: the oldest events go.
        (events, eventSource) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    // MARK: For callers

    func next(limit: Int) async throws -> [KafkaMessage] {
        try Task.checkCancellation()
        let promise = Promise<[KafkaMessage]>()
        let (ready, makesRoom): (Result<[KafkaMessage], any Error>?, Bool) = monitor.change { state in
            if state.waiters.isEmpty, let ready = Self.ready(&state, limit) { return (ready, state.isHolding && state.buffer.hasRoom) }
            state.waiters.append(Waiter(limit: limit, promise: promise))
            return (nil, false)
        }
        if makesRoom { client.wake() }
        if let ready { return try ready.get() }
        do {
            return try await promise.value()
        } catch {
            monitor.change { state in state.waiters.removeAll { $0.promise === promise } }
            throw error
        }
    }

    /// Has the polling thread do something and waits for its answer.
    func ask<Value: Sendable>(_ command: @escaping @Sendable (ConsumerLoop, Promise<Value>) throws(KafkaError) -> Void) async throws -> Value {
        let promise = Promise<Value>()
        tell(orElse: { promise.complete(.failure($0)) }) { loop in
            guard !promise.isSettled else { return }
            do {
                try command(loop, promise)
            } catch {
                promise.complete(.failure(error))
            }
        }
        return try await promise.value()
    }

    func tell(orElse refuse: (KafkaError) -> Void = { _ in }, _ command: @escaping Command) {
        let refusal: KafkaError? = monitor.change { state in
            guard state.phase != .closed else { return KafkaError.shutDown }
            state.commands.append(command)
            return nil
        }
        if let refusal { return refuse(refusal) }
        client.wake()
    }

    /// Hands out nothing more. False when that was done before.
    func beginShutdown(grace: Duration) -> Bool {
        let (isFirst, waiters) = monitor.change { state in
            guard state.phase == .open else { return (false, [Waiter]()) }
            state.phase = .closing
            state.grace = grace
            state.buffer.clear()
            defer { state.waiters = [] }
            return (true, state.waiters)
        }
        for waiter in waiters { waiter.promise.complete(.failure(KafkaError.shutDown)) }
        client.wake()
        return isFirst
    }

    // MARK: For the polling thread

    /// How long the brokers may take to let us go.
    var grace: Duration { monitor.withLock { $0.grace } }

    var phase: Phase { monitor.withLock { $0.phase } }

    func takeCommands() -> [Command] {
        monitor.withLock { state in
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// After this no command is accepted; those that came before are returned.
    func close() -> [Command] {
        let left = monitor.change { state in
            state.phase = .closed
            defer { state.commands = [] }
            return state.commands
        }
        eventSource.finish()
        return left
    }

    var hasRoom: Bool { monitor.withLock { $0.buffer.hasRoom } }
    var isFull: Bool { monitor.withLock { $0.buffer.isFull } }

    func setHolding(_ isHolding: Bool) {
        monitor.withLock { $0.isHolding = isHolding }
    }

    /// Blocks until messages were taken or there is something else to do, at most so long.
    func waitForRoom(milliseconds: Int) {
        _ = monitor.wait(milliseconds: milliseconds) { state in
            state.buffer.hasRoom || !state.commands.isEmpty || state.phase != .open ? true : nil
        }
    }

    func deliver(_ messages: [KafkaMessage]) {
        monitor.withLock { state in
            guard state.phase == .open else { return }
            state.buffer.append(messages)
            Self.serve(&state)
        }
    }

    func fail(_ error: KafkaError) {
        monitor.withLock { state in
            if error.isFatal { state.fatal = state.fatal ?? error } else { state.failure = error }
            Self.serve(&state)
        }
    }

    func changeBuffer(_ body: (inout MessageBuffer) -> Void) {
        monitor.change { state in
            body(&state.buffer)
            Self.serve(&state)
        }
    }

    var pausedPartitions: Set<KafkaPartition> { monitor.withLock { $0.buffer.pausedPartitions } }

    func announce(_ event: KafkaConsumerEvent) {
        eventSource.yield(event)
    }

    // MARK: Who gets what

    /// A promise is completed with the lock held, so that messages that find no taker go back before another asks.
    private static func serve(_ state: inout State) {
        while let waiter = state.waiters.first {
            if waiter.promise.isSettled {
                state.waiters.removeFirst()
                continue
            }
            guard let ready = ready(&state, waiter.limit) else { return }
            state.waiters.removeFirst()
            if !waiter.promise.complete(ready) {
                switch ready {
                case .success(let messages): state.buffer.putBack(messages)
                case .failure(let error): state.failure = state.failure ?? error as? KafkaError
                }
            }
        }
    }

    private static func ready(_ state: inout State, _ limit: Int) -> Result<[KafkaMessage], any Error>? {
        if state.phase != .open { return .failure(KafkaError.shutDown) }
        if !state.buffer.isEmpty { return .success(state.buffer.take(limit)) }
        if let fatal = state.fatal { return .failure(fatal) }
        if let failure = state.failure {
            state.failure = nil
            return .failure(failure)
        }
        return nil
    }
}
