import GRDB

extension KeyVault {
    /// Wraps all data keys under `new`, in one transaction and in constant memory; the log is not touched. Streams whose keys are in
    /// memory go on meanwhile, others wait.
    ///
    /// After a crash the store is wrapped wholly under one of the two, whose id opening with the other tells: keep the old key until
    /// this has returned, and for as long as backups of `keys.sqlite` under it are kept.
    ///
    /// - Parameter progress: called from time to time with the keys re-wrapped and their total; if it throws, nothing has changed.
    /// - Returns: how many keys were re-wrapped; 0 if `new` is the key in use.
    /// - Throws: ``SealingError`` `notAuthentic` if a row does not unwrap, `readOnly`; `EventStoreError` if it could not be stored. Nothing
    ///   has changed then.
    @discardableResult
    public func rotate(to new: MasterKey, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }) throws -> Int {
        let count = try store.onWriter { database in
            let old = masters.current
            guard new.id != old.id else { return 0 }
            masters.announce(new)
            do {
                let count = try store.commit(database) {
                    let count = try rewrap(from: old, to: new, database, progress)
                    try KeySchema.setMaster(new.id, in: database)
                    return count
                }
                masters.adopt(new)
                return count
            } catch {
                masters.withdraw()
                throw error
            }
        }
        // Bytes wrapped under the old key are as good as it is secret: if they cannot be removed now, the next erasure or opening does it.
        if count > 0 { traces.remain((try? store.truncateWriteAheadLog()) != true) }
        return count
    }

    private static let pageLength = 512

    private func rewrap(
        from old: MasterKey,
        to new: MasterKey,
        _ database: Database,
        _ progress: (Int, Int) throws -> Void
    ) throws -> Int {
        let total = try KeyTable.liveCount(database)
        var done = 0
        var reached: Int64 = 0
        while true {
            let page = try KeyTable.page(after: reached, limit: Self.pageLength, in: database)
            guard let last = page.last else { return done }
            for row in page {
                guard let content = row.content else { continue }
                let key = try wrapping.unwrap(content.wrapped, id: row.id, stream: content.stream, under: old)
                try KeyTable.rewrap(row.number, try wrapping.wrap(key, under: new, random: random), in: database)
                done += 1
            }
            reached = last.number
            try progress(done, total)
        }
    }
}
