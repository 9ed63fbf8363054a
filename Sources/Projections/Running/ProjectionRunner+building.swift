import EventStore
import Foundation
import Synchronization

extension ProjectionRunner {
    /// Pages read ahead of the one that is being written.
    private static let pagesAhead = 4
    private static let backOff = BackOff()

    /// Folds the whole log into new tables beside the live ones, and puts them in their place in one transaction. Readers and the live
    /// tables go on meanwhile; those tables are then kept. A rebuild that was broken off goes on where it stopped.
    ///
    /// - Throws: `ViewError.unknownProjection`, `.alreadyRebuilding`, or what reading and writing throw.
    public func rebuild(_ name: String, pageSize: Int = ProjectionRunner.bulkPageSize) throws {
        try build([name], pageSize: pageSize, mayGoOn: { true })
    }

    /// Rebuilds every projection in one pass over the log: each event is read, opened and decoded once.
    ///
    /// - Throws: `ViewError.alreadyRebuilding`, or what reading and writing throw.
    public func rebuildAll(pageSize: Int = ProjectionRunner.bulkPageSize) throws {
        try build(Self.names, pageSize: pageSize, mayGoOn: { true })
    }

    /// Catches up the generation that was live before, if it is of this release's version, and shows it again; the live one is kept.
    ///
    /// - Throws: `ViewError.unknownProjection`, `.alreadyRebuilding`, `.nothingKept`, or what reading and writing throw.
    public func revert(_ name: String, pageSize: Int = ProjectionRunner.bulkPageSize) throws {
        let begun = try core.withLock { try $0.beginRevert(name) }
        try fill([name], from: begun, pageSize: pageSize, mayGoOn: { true })
    }

    /// Drops the generations that are kept of a projection, or of all (nil).
    ///
    /// - Returns: how many were dropped.
    /// - Throws: `ViewError`.
    @discardableResult
    public func dropOld(_ name: String? = nil) throws -> Int {
        if let name, !Self.names.contains(name) { throw ViewError.unknownProjection(name) }
        return try core.withLock { try $0.dropKept(name) }
    }

    /// - Parameter mayGoOn: asked before each page; a test stops here what a crash would.
    /// - Returns: whether every exchange was done.
    @discardableResult
    func build(_ names: [String], pageSize: Int, mayGoOn: () -> Bool) throws -> Bool {
        let begun = try core.withLock { try $0.beginBuild(names) }
        return try fill(names, from: begun, pageSize: pageSize, mayGoOn: mayGoOn)
    }

    /// One thread reads, opens and decodes pages; this one writes them.
    @discardableResult
    private func fill(_ names: [String], from begun: Int64, pageSize: Int, mayGoOn: () -> Bool) throws -> Bool {
        defer { core.withLock { $0.endBuild(names) } }
        let epoch = try log.head().epoch
        let mask = core.withLock { $0.mask(of: names) }
        let queue = PageQueue(capacity: Self.pagesAhead)
        defer { queue.close() }
        let reader = Thread { [log, interests, sealer] in
            var position = begun
            while true {
                let page = Result {
                    try OpenedPage(try log.read(after: position, limit: max(1, pageSize)), for: mask, interests, sealer: sealer)
                }
                // At the log's end the writer sees empty pages, until it has caught up with what is live or stops.
                if let last = try? page.get().last { position = last.position }
                guard queue.put(page), (try? page.get()) != nil else { return }
            }
        }
        reader.start()
        // A page per transaction where the live ones want to go on in between.
        let commitSize = isFollowing ? 1 : Self.bulkCommitSize
        if !isFollowing { try core.withLock { try $0.setCheckpoints(.building) } }
        defer { core.withLock { try? $0.setCheckpoints(.following) } }
        var open = names
        var position = begun
        while !open.isEmpty {
            let batch = try fillBatch(open, after: position, commitSize, epoch: epoch, queue, mayGoOn)
            (open, position) = (batch.open, batch.position)
            if let failure = batch.failure { throw failure }
            if batch.isStopped && !open.isEmpty { return false }
        }
        try tell()
        return true
    }

    /// Where a build stands after a transaction.
    private struct Filled {
        var open: [String]
        var position: Int64
        var isStopped = false
        /// Why there are no more pages: what was taken in before is kept.
        var failure: (any Error)?
    }

    /// One transaction: pages until `size` events were read, nothing is left to build, or it is stopped.
    private func fillBatch(
        _ names: [String],
        after position: Int64,
        _ size: Int64,
        epoch: Int64,
        _ queue: PageQueue,
        _ mayGoOn: () -> Bool
    ) throws -> Filled {
        var filled = Filled(open: names, position: position)
        filled.open = try core.withLock { core in
            var batch = try core.beginBatch(names)
            do {
                while batch.wantsMore && filled.position - position < size {
                    filled.isStopped = !mayGoOn()
                    if filled.isStopped { break }
                    let page: OpenedPage
                    do {
                        page = try queue.take()
                    } catch {
                        filled.failure = error
                        break
                    }
                    try core.add(page, to: &batch)
                    filled.position = page.last?.position ?? filled.position
                }
                return try core.commit(batch, epoch: epoch)
            } catch {
                try core.rollBack(batch)
                throw error
            }
        }
        return filled
    }

    // MARK: - Beside a running server

    /// Builds what is pending, a page at a time, giving way to the live projections; failures are tried again after a pause.
    func buildPending() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let names = core.withLock { $0.pending }
                if names.isEmpty { return }
                try await buildInTurn(names) { failures = 0 }
            } catch {
                failures += 1
                let pause = Self.backOff.pause(afterFailures: failures, chance: surroundings.random())
                do { try await surroundings.sleep(pause) } catch { return }
            }
        }
    }

    private func buildInTurn(_ names: [String], _ succeeded: () -> Void) async throws {
        var position = try core.withLock { try $0.beginBuild(names) }
        defer { core.withLock { $0.endBuild(names) } }
        let epoch = try log.head().epoch
        let mask = core.withLock { $0.mask(of: names) }
        var open = names
        while !open.isEmpty {
            try Task.checkCancellation()
            let events = try log.read(after: position, limit: Self.pageSize)
            let page = try OpenedPage(events, for: mask, interests, sealer: sealer)
            open = try core.withLock { [open] core in
                var batch = try core.beginBatch(open)
                do {
                    try core.add(page, to: &batch)
                    return try core.commit(batch, epoch: epoch)
                } catch {
                    try core.rollBack(batch)
                    throw error
                }
            }
            try tell()
            succeeded()
            if let last = page.last {
                position = last.position
            } else if !open.isEmpty {
                // At the log's end, and the live ones are on their way there.
                try await surroundings.sleep(10)
            }
            await Task.yield()
        }
    }
}
