import Timekeeping

extension WriterSession {
    /// Takes in what a batch has more than the log; what the log has already must be the same.
    ///
    /// - Throws: ``EventStoreError`` `missingEvents`, `forked`, `staleEpoch`, `invalidBatch`: the transaction must then be rolled back.
    func replicate(_ batch: PreparedBatch) throws {
        guard batch.first - 1 <= end.position else { throw EventStoreError.missingEvents(after: end.position, before: batch.first) }
        let isStale = batch.epoch < end.epoch
        if isStale, batch.last > end.position { throw EventStoreError.staleEpoch(batch.epoch, behind: end.epoch, at: batch.last) }
        let known = batch.events.prefix { $0.position <= end.position }
        try compare(known)
        for event in batch.events.dropFirst(known.count) { try insert(event) }
        for command in batch.commands { try takeIn(command, isStale: isStale) }
        guard try root(at: batch.last) == batch.rootHash else { throw EventStoreError.forked("The Merkle root", at: batch.last) }
        if batch.epoch > end.epoch {
            end.epoch = batch.epoch
            hasChanges = true
        }
    }

    func setReplicaOffsets(_ offsets: [ReplicaOffset]) throws {
        guard !offsets.isEmpty else { return }
        let set = try connection.prepare(Queries.setReplicaOffset)
        for offset in offsets {
            var row = RowHash.Builder(table: "replica_offset")
            row.append(offset.topic)
            row.append(Int64(offset.partition))
            row.append(offset.next)
            set.bind(1, copying: offset.topic)
            set.bind(2, Int64(offset.partition))
            set.bind(3, offset.next)
            set.bind(4, copying: row.hash.bytes)
            try set.run()
        }
    }

    private func compare(_ events: ArraySlice<PreparedBatch.Event>) throws {
        guard let first = events.first, let last = events.last else { return }
        let stored = try connection.prepare(Queries.idsThrough)
        stored.bind(1, first.position - 1)
        stored.bind(2, last.position)
        for event in events {
            guard try stored.step(), stored.int64(0) == event.position else {
                throw EventStoreError(.corrupted, "There is no event at position \(event.position): run verify.")
            }
            let isSame = event.event.id.bytes == stored.bytes(1) && event.leafHash == Hash256(bytes: stored.blob(2))
            guard isSame else { throw EventStoreError.forked("The event", at: event.position) }
        }
    }

    private func insert(_ event: PreparedBatch.Event) throws {
        guard event.recordedAt >= end.recordedAt else {
            throw EventStoreError.invalidBatch("An event was recorded before its predecessor", at: event.position)
        }
        let known = try head(of: event.stream)
        guard event.version == (known?.version ?? 0) + 1 else {
            throw EventStoreError.invalidBatch("An event is not the next of its stream", at: event.position)
        }
        var head = try known ?? insertStream(event.stream)
        head.version = event.version
        do {
            try statements.insertEvent(event.event, entry: event.event.entry, leafHash: event.leafHash, stream: head.number)
        } catch let error as EventStoreError where error.isUniquenessViolation {
            throw EventStoreError.invalidBatch("An event has the id of another", at: event.position)
        }
        if let attachment = event.event.attachment {
            let insert = statements.insertAttachment
            try attachment.withUnsafeBytes { bytes in
                insert.bind(1, event.position)
                insert.bind(2, lending: bytes)
                try insert.run()
            }
        }
        heads.set(head, of: event.stream)
        end.frontier.append(event.leafHash)
        end.recordedAt = event.recordedAt
        hasChanges = true
    }

    /// - Parameter isStale: what a replaced writer recorded and this log does not have stays out.
    private func takeIn(_ command: CommandRow, isStale: Bool) throws {
        // The insertion itself tells whether the command is new, and saves a look-up in an index without order.
        var row = command
        row.number = end.lastCommand + 1
        if !isStale, try insert(row) { return }
        guard let known = try CommandRow.read(command.command.digest, with: statements.command) else {
            guard isStale else { throw EventStoreError(.corrupted, "The command index names a row that is not there: run verify.") }
            return
        }
        var same = known
        (same.number, same.repeats, same.reuses) = (command.number, 0, 0)
        guard same.hash == command.hash else { throw EventStoreError.forked("What was recorded of a command", at: command.command.position) }
    }

    /// Over the log's first leaves. What was read for an earlier call is not read again for a later position.
    private func root(at position: Int64) throws -> Hash256 {
        if position == end.position { return end.frontier.root }
        if repeated.size > position { repeated = MerkleFrontier() }
        let leaves = try connection.prepare(Queries.leafHashesThrough)
        leaves.bind(1, repeated.size)
        leaves.bind(2, position)
        while try leaves.step() {
            guard let leaf = Hash256(bytes: leaves.blob(0)) else { break }
            repeated.append(leaf)
        }
        guard repeated.size == position else {
            throw EventStoreError(.corrupted, "There is no leaf hash at position \(repeated.size + 1): run verify.")
        }
        return repeated.root
    }
}
