/// Whom this node tells, where several nodes share a territory's people, and what the others must know of what it does.
public protocol DispatchShare: Sendable {
    /// Whether somebody (RPPS) is this node's to tell now.
    func holds(_ recipient: String) -> Bool

    /// Begins to see to somebody: they stay this node's until ``leave(_:)``. False if they are not.
    func enter(_ recipient: String) -> Bool

    func leave(_ recipient: String)

    /// Makes known how far a message got. Before an attempt this must have returned: whoever takes over goes on with the same message.
    ///
    /// - Throws: ``SharingTrouble`` if nobody else knows of it: then it must not be attempted.
    func announce(_ message: OutboxMessage) async throws

    /// Makes known what became of a message that is being seen to, as far as that can be done.
    func remember(_ message: OutboxMessage) async

    /// Nothing more is to be done with a message: the log says so, or nobody is to have it.
    func close(_ message: OutboxMessage) async
}

/// The one node that tells everybody: nobody else has to know.
struct WholeShare: DispatchShare {
    func holds(_ recipient: String) -> Bool { true }
    func enter(_ recipient: String) -> Bool { true }
    func leave(_ recipient: String) {}
    func announce(_ message: OutboxMessage) async throws {}
    func remember(_ message: OutboxMessage) async {}
    func close(_ message: OutboxMessage) async {}
}
