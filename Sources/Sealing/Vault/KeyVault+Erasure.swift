public import EventStore
import GRDB
import Synchronization
public import Timekeeping

extension KeyVault {
    /// Runs `body` while no key is given out for `subjects`: streams, and patients with whatever stream is about them. Requests
    /// wait, for a bounded time (`held`); an erasure thus hands out no key that it is about to destroy, and misses none that is being made.
    ///
    /// - Parameter body: must not append to a held stream, nor anything that is sealed for one: it would wait for itself.
    /// - Throws: ``SealingError`` `readOnly`, and what `body` throws.
    public func withHeldStreams<Value>(_ subjects: Set<StreamID>, _ body: () async throws -> Value) async throws -> Value {
        guard store.isWritable else { throw SealingError.readOnly }
        await issuer.hold(subjects)
        defer { issuer.release(subjects) }
        return try await body()
    }

    /// Destroys data keys for good: durable before this returns, their wrapped bytes gone from the file, its free pages and its
    /// write-ahead log, and from memory. What they sealed opens as erased; its streams get new keys.
    ///
    /// An id that is not known leaves a tombstone too, so that no older copy of the key can come back under it. Destroying what is
    /// destroyed does nothing, and costs a look at each row: after a restore, all erasures in the log are given here.
    ///
    /// - Parameters:
    ///   - keyIDs: as in the envelope's `keyid`.
    ///   - instant: when it was decided, for the tombstone.
    /// - Returns: how many of them were live until now.
    /// - Throws: ``SealingError`` `tracesRemain` if others read the file for longer than half a minute: the keys are destroyed, their
    ///   wrapped bytes not yet out of the write-ahead log; destroy again, or open anew. `readOnly`. `EventStoreError` if nothing was
    ///   destroyed: `invalidRequest`, `diskFull`, `storageUnavailable`.
    @discardableResult
    public func destroy(_ keyIDs: some Collection<String>, at instant: Instant) throws -> Int {
        for id in keyIDs where !(1...DataKey.idLimit).contains(id.utf8.count) {
            throw EventStoreError(.invalidRequest, "A key id to destroy has \(id.utf8.count) bytes; 1 to \(DataKey.idLimit) are allowed.")
        }
        let (count, hasChanged) = try store.onWriter { database in
            let standing = try keyIDs.filter { try !KeyTable.isTombstone($0, in: database) }
            guard !standing.isEmpty else { return (0, false) }
            var streams: [StreamID] = []
            traces.remain(true)
            // A set: an id may be given twice.
            let ids = Set(standing)
            try store.commit(database) {
                for id in ids {
                    if let stream = try KeyTable.bury(id, at: instant, in: database) { streams.append(stream) }
                }
            }
            cache.destroy(ids)
            changes.add(ids)
            issuer.forget(streams)
            return (streams.count, true)
        }
        if hasChanged || traces.mayRemain { try removeTraces() }
        return count
    }

    /// Empties the write-ahead log, waiting for whoever reads it.
    func removeTraces() throws {
        let deadline = ContinuousClock.now + patience
        while try !store.truncateWriteAheadLog() {
            guard ContinuousClock.now < deadline else {
                throw SealingError(
                    .tracesRemain,
                    "The keys are destroyed, but others still read keys.sqlite, so that wrapped keys may stay in its write-ahead log: end them, destroy again."
                )
            }
        }
        store.releaseMemory()
        traces.remain(false)
    }
}

/// Whether destroyed keys may still have wrapped bytes in the write-ahead log.
final class TraceState: Sendable {
    private let state = Atomic(false)

    var mayRemain: Bool { state.load(ordering: .acquiring) }

    func remain(_ value: Bool) { state.store(value, ordering: .releasing) }
}
