public import Pathways

/// What was told, from the log and into it.
public protocol Ledger: Sendable {
    /// How somebody wants to be told and what they were told, and the directory in force.
    func recipient(_ rpps: String) throws -> (recipient: Recipient, territory: TerritoryState)

    /// Records that a channel took a message. Nothing if that is recorded already.
    /// - Throws: `Rejection` if the log holds something else under its id; `EventStoreError`.
    func record(handOver: MessageHandedOver) async throws

    /// Records that nothing more is tried. Nothing if that is recorded already.
    func record(undeliverable: MessageUndeliverable) async throws
}
