/// What a writer that resumes must find: everything it acknowledged, and no other writer's mark.
struct ResumePoint: Sendable {
    /// The tree over all events acknowledged.
    let acknowledged: MerkleFrontier
    /// The epoch that was ours, through the one that a raise may have left whose commit failed half-way.
    private(set) var epochs: ClosedRange<Int64>

    init(acknowledged: MerkleFrontier, epoch: Int64) {
        self.acknowledged = acknowledged
        epochs = epoch...epoch
    }

    /// - Parameter last: the highest epoch that a commit which failed may have left behind.
    init(acknowledged: MerkleFrontier, epoch: Int64, through last: Int64) {
        self.acknowledged = acknowledged
        epochs = epoch...max(epoch, last)
    }

    /// To be called before raising the epoch from `stored`: whether that is kept is unknown if it fails.
    mutating func willRaise(from stored: Int64) {
        epochs = epochs.lowerBound...max(epochs.upperBound, stored + 1)
    }

    /// Checks the log as it is found. What was visible but never acknowledged may follow; a repetition of it is
    /// recognised by its command key.
    ///
    /// - Throws: ``EventStoreError`` `ownedByAnother` or `corrupted`.
    func check(on connection: Connection) throws {
        guard let head = try StoredHead.read(on: connection) else {
            throw EventStoreError(.corrupted, "The log has no head row: run verify.")
        }
        guard epochs.contains(head.epoch) else {
            var facts = EventStoreError.Facts()
            facts.epoch = head.epoch
            throw EventStoreError(
                .ownedByAnother,
                "The log was taken over by epoch \(head.epoch); this writer is of epoch \(epochs.lowerBound): stop it.",
                facts: facts
            )
        }
        guard try root(through: head.position, on: connection) == head.rootHash else {
            var facts = EventStoreError.Facts()
            facts.position = acknowledged.size
            throw EventStoreError(
                .corrupted,
                "The log's head does not continue the \(acknowledged.size) events acknowledged: stop, check the disk, run verify.",
                facts: facts
            )
        }
    }

    /// The root over what was acknowledged and what was stored after it; nil if there is less.
    private func root(through last: Int64, on connection: Connection) throws -> Hash256? {
        guard last >= acknowledged.size else { return nil }
        var frontier = acknowledged
        let leaves = try connection.prepare(Queries.leafHashesThrough)
        leaves.bind(1, acknowledged.size)
        leaves.bind(2, last)
        while try leaves.step() {
            guard let leaf = Hash256(bytes: leaves.blob(0)) else { return nil }
            frontier.append(leaf)
        }
        return frontier.size == last ? frontier.root : nil
    }
}
