public import Timekeeping

/// What reactors must remember across restarts: checkpoints, parked events, decisions on them. Each call is one transaction.
public protocol ReactorStore: Sendable {
    /// ``FollowerCheckpoint/start`` if there is none.
    func checkpoint(of reactor: String) throws -> FollowerCheckpoint

    /// The sequences of which something is parked.
    func parkedSequences(of reactor: String) throws -> Set<StreamID>

    /// Moves the checkpoint and parks, both or neither; nothing if a later epoch holds the checkpoint. An event that is parked already
    /// stays as it is.
    ///
    /// - Parameter known: the parked sequences that the page was worked on with.
    /// - Returns: whether `known` still held. If not, nothing was kept: work on the page again.
    func save(_ checkpoint: FollowerCheckpoint, of reactor: String, parking: [ParkingRequest], knowing known: Set<StreamID>) throws -> Bool

    /// Parks one event outside a page.
    func park(_ request: ParkingRequest, of reactor: String) throws

    /// What is parked, by reactor and position; of all reactors or sequences for nil.
    func parked(of reactor: String?, sequence: StreamID?) throws -> [ParkedItem]

    /// Notes that the item was tried once more in vain.
    func note(_ problem: String, on item: ParkedItem) throws

    /// Takes an item away: its effect is durable.
    func unpark(_ item: ParkedItem) throws

    /// Takes an item away without its effect, and remembers who said so and why.
    /// - Returns: nil if there is no such item.
    func discard(_ id: Int64, reason: String, by: String, at: Instant) throws -> DiscardedItem?

    /// Every decision to do without, oldest first.
    func discarded() throws -> [DiscardedItem]
}
