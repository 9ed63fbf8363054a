extension WriterSession {
    /// Forgets a page of the commands of intake that are older than `recordedAt`; those of process managers are kept for ever (I4).
    ///
    /// - Parameter number: where the page begins: after this row.
    /// - Returns: how many were forgotten, and where the next page begins; nil if there is none.
    func forgetCommands(after number: Int64, recordedBefore recordedAt: Int64, limit: Int64) throws -> (count: Int, next: Int64?) {
        let page = try connection.prepare(Queries.commandsByAge)
        page.bind(1, number)
        page.bind(2, recordedAt)
        page.bind(3, limit)
        var old: [(number: Int64, isLasting: Bool, hash: RowHash)] = []
        while try page.step() {
            guard let hash = RowHash(bytes: page.blob(2)) else {
                throw EventStoreError(.corrupted, "A command row has no hash of the right length: run verify.")
            }
            old.append((page.int64(0), page.int64(1) != 0, hash))
        }
        let forget = try connection.prepare(Queries.forgetCommand)
        // The newest stays until another comes, so that numbers only grow: whoever replicates goes by them.
        let forgotten = old.filter { !$0.isLasting && $0.number < end.lastCommand }
        for row in forgotten {
            forget.bind(1, row.number)
            try forget.run()
            end.commands.remove(row.hash)
            hasChanges = true
        }
        return (forgotten.count, old.count == Int(limit) ? old.last?.number : nil)
    }
}
