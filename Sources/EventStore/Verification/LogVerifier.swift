import Timekeeping

/// Checks a log by recomputing everything from the stored bytes, in constant memory, also while it is written to.
///
/// - Every leaf hash from its row, every attachment hash, the root of all leaves against the head.
/// - Positions without gap, recorded times that never go back, each stream's versions without gap.
/// - Commands that make sense, and SQLite's own integrity check, which compares indexes with tables.
struct LogVerifier {
    private let reader: SQLiteEventReader
    private var report: VerificationReport
    /// Root over the leaves recomputed from rows, and over the leaves as stored: which of them agrees with the head
    /// tells whether a row or its leaf hash was changed.
    private var recomputed = MerkleFrontier()
    private var stored = MerkleFrontier()
    private var mismatches: [Int64] = []
    private var mismatchCount = 0
    private var lastRecordedAt = Int64.min
    private var attachmentCount: Int64 = 0

    private static let progressInterval: Int64 = 10_000
    private static let pageLength: Int64 = 5000

    init(_ reader: SQLiteEventReader) throws {
        self.reader = reader
        report = VerificationReport(head: try reader.head())
    }

    /// - Parameter progress: called from time to time with the events checked and their total.
    mutating func run(progress: (Int64, Int64) -> Void) throws -> VerificationReport {
        try checkEvents(progress)
        checkHead()
        try checkExtent()
        try checkVersions()
        try checkCommands()
        try checkStorage()
        return report
    }

    // MARK: Events

    private mutating func checkEvents(_ progress: (Int64, Int64) -> Void) throws {
        let reader = reader
        let last = report.head.position
        var reached: Int64 = 0
        while reached < last {
            do {
                try reader.forEachEvent(after: reached, through: last) { event in
                    try check(event, after: reached)
                    reached = event.position
                    if reached % Self.progressInterval == 0 { progress(reached, last) }
                }
                break
            } catch let error as EventStoreError {
                guard error.code == .corrupted, let unreadable = error.facts.position, unreadable > reached else { throw error }
                report.add(unreadable, "event", "the row cannot be read: a column has the wrong length or names no stream")
                report.eventCount += 1
                reached = unreadable
            }
        }
        if reached < last {
            report.add(reached + 1, "event.position", "missing: the log ends at \(reached), its head says \(last)")
        }
        progress(reached, last)
    }

    private mutating func check(_ event: RecordedEvent, after previous: Int64) throws {
        report.eventCount += 1
        if event.position != previous + 1 {
            report.add(previous + 1, "event.position", "missing: the next event is at \(event.position)")
        }
        let recordedAt = event.recordedAt.millisecondsSinceEpoch
        if recordedAt < lastRecordedAt {
            report.add(event.position, "event.recorded_at", "earlier than that of the position before")
        }
        lastRecordedAt = max(lastRecordedAt, recordedAt)

        let leaf = (try? LeafEntry(of: event, logIdentity: reader.identity))?.leafHash
        if leaf != event.leafHash {
            mismatchCount += 1
            if mismatches.count < VerificationReport.problemLimit { mismatches.append(event.position) }
        }
        recomputed.append(leaf ?? event.leafHash)
        stored.append(event.leafHash)
        try checkAttachment(of: event)
    }

    private mutating func checkAttachment(of event: RecordedEvent) throws {
        guard let hash = event.attachmentHash else { return }
        guard let bytes = try reader.attachment(of: event.position) else {
            return report.add(event.position, "attachment.position", "missing: the event has the hash of an attachment")
        }
        attachmentCount += 1
        if Hash256.of(bytes) != hash {
            report.add(event.position, "attachment.bytes", "not the bytes whose hash the event has")
        }
    }

    // MARK: The whole

    private mutating func checkHead() {
        let root = report.head.rootHash
        let isRowChanged = stored.root == root
        let isLeafHashChanged = recomputed.root == root
        for position in mismatches {
            if isRowChanged {
                report.add(position, "event", "the row is not what its leaf hash covers; the leaf hash is in the root")
            } else if isLeafHashChanged {
                report.add(position, "event.leaf_hash", "not the hash of the row; the row's own is in the root")
            } else {
                report.add(position, "event.leaf_hash", "does not agree with the row")
            }
        }
        report.problemCount += mismatchCount - mismatches.count
        if !isRowChanged, !isLeafHashChanged {
            report.add(nil, "head.root_hash", "not the root over the log's leaves")
        }
    }

    /// Nothing lies beyond the head, and the head row holds together.
    private mutating func checkExtent() throws {
        let (head, last, extraAttachment, attachments) = try reader.withReader { reader in
            // One snapshot: the log may be growing.
            try reader.connection.execute("BEGIN")
            defer { reader.connection.rollBack() }
            let head = try StoredHead.read(on: reader.connection)
            let last = try reader.connection.integer("SELECT max(position) FROM event") ?? 0
            let extra = try reader.connection.integer(
                "SELECT position FROM attachment WHERE position NOT IN (SELECT position FROM event WHERE attachment_hash IS NOT NULL) LIMIT 1"
            )
            let size = report.head.position
            let attachments = try reader.connection.integer("SELECT count(*) FROM attachment WHERE position <= \(size)") ?? 0
            return (head, last, extra, attachments)
        }
        if let extraAttachment {
            report.add(extraAttachment, "attachment.position", "beside no event that has the hash of an attachment")
        } else if attachments < attachmentCount {
            report.add(nil, "attachment.position", "rows disappeared while they were checked")
        }
        guard let head else { return report.add(nil, "head", "the head row is missing or has no hash") }
        if last > head.position {
            report.add(last, "event.position", "beyond the head, which says \(head.position)")
        }
        guard let frontier = head.frontier.withUnsafeBytes({ MerkleFrontier(size: head.position, bytes: $0) }) else {
            return report.add(nil, "head.frontier", "not of the length the tree's size asks for")
        }
        if frontier.root != head.rootHash {
            report.add(nil, "head.frontier", "gives another root than head.root_hash")
        }
    }

    /// Each stream's versions count from 1 without gap. Walks the index, a page at a time.
    private mutating func checkVersions() throws {
        var stream = Int64.min
        var version: Int64 = 0
        var isDone = false
        while !isDone {
            try reader.withReader { reader in
                let page = try reader.statement(
                    """
                    SELECT stream, version, position FROM event WHERE (stream, version) > (?1, ?2) ORDER BY stream, version LIMIT ?3
                    """
                )
                page.bind(1, stream)
                page.bind(2, version)
                page.bind(3, Self.pageLength)
                isDone = true
                while try page.step() {
                    isDone = false
                    let expected = page.int64(0) == stream ? version + 1 : 1
                    if page.int64(1) != expected {
                        report.add(page.int64(2), "event.version", "\(page.int64(1)) where the stream's next is \(expected)")
                    }
                    (stream, version) = (page.int64(0), page.int64(1))
                }
            }
        }
    }

    private mutating func checkCommands() throws {
        // Commands are written with their events, so that none can point beyond a head read after it.
        let rows = try reader.withReader { reader in
            try reader.connection.execute("BEGIN")
            defer { reader.connection.rollBack() }
            let head = try StoredHead.read(on: reader.connection)?.position ?? 0
            let bad = try reader.connection.prepare(
                """
                SELECT number, CASE
                    WHEN length(digest) <> 16 THEN 'digest' WHEN length(scope) = 0 THEN 'scope'
                    WHEN length(request_hash) <> 32 THEN 'request_hash' WHEN lasting NOT IN (0, 1) THEN 'lasting'
                    WHEN position NOT BETWEEN 0 AND \(head) THEN 'position'
                    WHEN (answer_stream IS NULL) <> (length(answer) = 0) OR length(answer_stream) <> 16 THEN 'answer_stream'
                    WHEN repeats < 0 THEN 'repeats' WHEN reuses < 0 THEN 'reuses' END AS wrong
                FROM command WHERE wrong IS NOT NULL LIMIT \(VerificationReport.problemLimit)
                """
            )
            var rows: [(Int64, String)] = []
            while try bad.step() { rows.append((bad.int64(0), bad.string(1))) }
            return rows
        }
        for (number, column) in rows {
            report.add(nil, "command.\(column)", "impossible value in row \(number)")
        }
    }

    private mutating func checkStorage() throws {
        let findings = try reader.withReader { reader in
            let check = try reader.connection.prepare("PRAGMA integrity_check(20)")
            var findings: [String] = []
            while try check.step() { findings.append(check.string(0)) }
            return findings.filter { $0 != "ok" }
        }
        for finding in findings {
            report.add(nil, "storage", finding)
        }
    }
}

extension SQLiteEventReader {
    /// Checks all that is stored, from the bytes up; see ``VerificationReport``. Reads only, in constant memory.
    ///
    /// - Parameter progress: called from time to time with the events checked and their total.
    /// - Throws: if the log cannot be read at all; what can be read but is wrong is reported.
    public func verify(progress: (Int64, Int64) -> Void = { _, _ in }) throws -> VerificationReport {
        var verifier = try LogVerifier(self)
        return try verifier.run(progress: progress)
    }
}
