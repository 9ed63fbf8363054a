import EventStore
import GRDB

extension KeyVault {
    private static let pageLength = 512

    /// How much is held, and under what.
    public func statistics() throws -> VaultStatistics {
        try store.readApart { database in
            VaultStatistics(
                liveKeys: try KeyTable.liveCount(database),
                destroyedKeys: try Self.count("data_key WHERE stream IS NULL", database),
                patients: try Self.count("(SELECT DISTINCT patient FROM subject JOIN data_key USING (stream))", database),
                masterID: try KeySchema.check(database).masterID
            )
        }
    }

    /// Checks the store by unwrapping every key under the master key, in constant memory, also while it is written to: each live key
    /// unwraps and is of a stream that is somebody's, each destroyed one has nothing left, and SQLite's own check of tables and indexes.
    ///
    /// - Parameter progress: called from time to time with the rows checked and their total.
    public func check(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws -> VaultReport {
        try store.readApart { database in try check(database, progress) }
    }

    func check(_ database: Database, _ progress: (Int, Int) -> Void = { _, _ in }) throws -> VaultReport {
        var report = VaultReport(masterID: masterID)
        let total = try Self.count("data_key", database)
        var reached: Int64 = 0
        var done = 0
        while true {
            // Page by page, so that no reader holds the write-ahead log for long.
            let page = try KeyTable.page(after: reached, limit: Self.pageLength, in: database)
            guard let last = page.last else { break }
            for row in page { try check(row, database, &report) }
            reached = last.number
            done += page.count
            progress(done, total)
        }
        let halfDestroyed = try Self.count(
            "data_key WHERE (destroyed_at IS NULL) <> (wrapped IS NOT NULL) OR (destroyed_at IS NULL) <> (stream IS NOT NULL)",
            database
        )
        if halfDestroyed > 0 { report.add(nil, "\(halfDestroyed) rows are neither a key nor a tombstone") }
        for line in try String.fetchAll(database, sql: "PRAGMA integrity_check(100)") where line != "ok" {
            // SQLite's words name tables, indexes and row numbers, never contents.
            report.add(nil, line)
        }
        return report
    }

    private func check(_ row: KeyTable.Stored, _ database: Database, _ report: inout VaultReport) throws {
        guard let content = row.content else {
            report.destroyedKeys += 1
            return
        }
        report.liveKeys += 1
        guard let master = masters.key(named: row.masterID) else {
            throw SealingError.wrongMasterKey(wanted: row.masterID, given: masterID)
        }
        do {
            _ = try wrapping.unwrap(content.wrapped, id: row.id, stream: content.stream, under: master)
        } catch {
            report.add(row.id, "does not unwrap under \(master): the row is not what was stored")
        }
        if try SubjectTable.known(of: content.stream, in: database).patient == nil {
            report.add(row.id, "its stream is nobody's: an erasure would miss it")
        }
    }

    private static func count(_ rows: String, _ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \(rows)") ?? 0
    }
}
