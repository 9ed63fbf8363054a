import Pathways
public import Timekeeping

/// Has what stopped tried again, when a person says so.
public struct MessageRetry: Sendable {
    private let outbox: any Outbox
    private let ledger: any Ledger
    private let time: TimeSource
    private let wake: @Sendable () -> Void
    private let ask: (@Sendable (OutboxMessage) async throws -> Void)?

    /// - Parameters:
    ///   - ask: has whoever tells the person try it again; nil where this node does.
    ///   - wake: is told that there is something to be done now.
    public init(
        outbox: any Outbox,
        ledger: any Ledger,
        time: TimeSource,
        ask: (@Sendable (OutboxMessage) async throws -> Void)? = nil,
        wake: @escaping @Sendable () -> Void
    ) {
        self.ask = ask
        self.outbox = outbox
        self.ledger = ledger
        self.time = time
        self.wake = wake
    }

    /// Tries a message again, under the same id, from its first channel on, if it is parked or every channel had given it up.
    ///
    /// - Returns: false if there is none of this id that stopped.
    /// - Throws: `EventStoreError`, or what the outbox throws; ``SharingTrouble`` if who tells the person cannot be asked.
    public func callAsFunction(_ id: String) async throws -> Bool {
        guard let message = try outbox.message(id), try hasStopped(message) else { return false }
        if let ask {
            try await ask(message)
            return true
        }
        let now = time.now()
        if try !outbox.retry(id, at: now) {
            try outbox.save(Delivery(.waiting(until: now)), of: id)
            try outbox.look(at: message.recipient, now: now)
        }
        wake()
        return true
    }

    private func hasStopped(_ message: OutboxMessage) throws -> Bool {
        switch message.delivery.state {
        case .parked: true
        case .settled: try ledger.recipient(message.recipient).recipient.message(message.id)?.isGivenUp == true
        case .waiting, .handedOver, .failed, .cancelled: false
        }
    }
}
