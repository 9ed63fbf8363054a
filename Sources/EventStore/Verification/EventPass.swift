/// The first half of a verification: every event from its stored bytes, in order, with its attachment, up to the root.
struct EventPass {
    private let reader: SQLiteEventReader
    private let head: LogHead
    private let hasher: LeafHasher
    private var names = StreamNameCache(slotCount: 1 << 16)
    private(set) var findings = Findings()
    private(set) var eventCount: Int64 = 0
    /// Root over the leaves recomputed from rows, and over the leaves as stored: which of them agrees with the head
    /// tells whether a row or its leaf hash was changed. The second is kept from the first difference on.
    private var recomputed = MerkleFrontier()
    private var stored: MerkleFrontier?
    private var mismatches: [Int64] = []
    private var mismatchCount = 0
    private var lastRecordedAt = Int64.min
    /// Trees to be found on the way, the smallest first.
    private var kept: ArraySlice<TreeHead>
    private var reached: Int64 = 0

    private static let progressInterval: Int64 = 10_000
    // A snapshot is let go of after this many events, so that the write-ahead log can start over.
    private static let snapshotLength: Int64 = 10_000
    private static let attachments = "SELECT position, bytes FROM attachment WHERE position > ?1 AND position <= ?2 ORDER BY position"

    /// - Parameter kept: checkpoints kept since; see ``SQLiteEventReader/verify(against:progress:)``.
    init(_ reader: SQLiteEventReader, head: LogHead, kept: [TreeHead]) {
        self.reader = reader
        self.head = head
        hasher = LeafHasher(logIdentity: reader.identity)
        self.kept = kept.sorted { $0.size < $1.size }[...]
    }

    /// - Parameter progress: called from time to time with the events checked and their total.
    mutating func run(progress: (Int64, Int64) -> Void) throws {
        compareKept()
        while reached < head.position {
            let before = reached
            do {
                try reader.withReader { try checkPage($0, progress) }
            } catch let error as EventStoreError where error.code == .corrupted {
                findings.add(reached + 1, "event", "cannot be read: \(error.message)")
                break
            }
            guard reached > before else { break }
        }
        if reached < head.position, findings.count == 0 || findings.list.last?.position != reached + 1 {
            findings.add(reached + 1, "event.position", "missing: the log ends at \(reached), its head says \(head.position)")
        }
        progress(reached, head.position)
        reportMismatches()
        for tree in kept {
            findings.add(nil, "checkpoint.size", "smaller: the kept checkpoint has \(tree.size) events, the log \(reached): rolled back or cut off")
        }
    }

    private mutating func checkPage(_ reader: ReadConnection, _ progress: (Int64, Int64) -> Void) throws {
        let page = try reader.statement(Queries.page)
        page.bind(1, reached)
        page.bind(2, head.position)
        page.bind(3, Self.snapshotLength)
        var attachments = try AttachmentCursor(reader.statement(Self.attachments), after: reached, through: head.position)
        defer {
            page.reset()
            attachments.close()
        }
        while try page.step() {
            try check(page, reader, &attachments)
            if reached % Self.progressInterval == 0 { progress(reached, head.position) }
        }
        if reached == head.position {
            while let extra = attachments.position {
                findings.add(extra, "attachment.position", "beside no event that has the hash of an attachment")
                try attachments.advance()
            }
        }
    }

    private mutating func check(_ row: Statement, _ reader: ReadConnection, _ attachments: inout AttachmentCursor) throws {
        let position = row.int64(0)
        eventCount += 1
        if position != reached + 1 {
            findings.add(reached + 1, "event.position", "missing: the next event is at \(position)")
        }
        let recordedAt = row.int64(8)
        if recordedAt < lastRecordedAt {
            findings.add(position, "event.recorded_at", "earlier than that of the position before")
        }
        lastRecordedAt = max(lastRecordedAt, recordedAt)
        let leaf = try names.stream(row.int64(2), by: try reader.statement(Queries.streamName)).flatMap { hasher.leafHash(of: row, stream: $0) }
        take(leaf, stored: Hash256(bytes: row.blob(14)), at: position)
        try check(row, at: position, &attachments)
        reached = position
        compareKept()
    }

    private mutating func take(_ leaf: Hash256?, stored storedLeaf: Hash256?, at position: Int64) {
        if leaf == nil || leaf != storedLeaf {
            mismatchCount += 1
            if mismatches.count < VerificationReport.problemLimit { mismatches.append(position) }
            if stored == nil { stored = recomputed }
        }
        let fallback = leaf ?? storedLeaf ?? MerkleTree.emptyRoot
        recomputed.append(fallback)
        stored?.append(storedLeaf ?? fallback)
    }

    private mutating func check(_ row: Statement, at position: Int64, _ attachments: inout AttachmentCursor) throws {
        while let extra = attachments.position, extra < position {
            findings.add(extra, "attachment.position", "beside no event that has the hash of an attachment")
            try attachments.advance()
        }
        let isThere = attachments.position == position
        if let hash = Hash256(bytes: row.blob(13)) {
            if !isThere {
                findings.add(position, "attachment.position", "missing: the event has the hash of an attachment")
            } else if attachments.hash != hash {
                findings.add(position, "attachment.bytes", "not the bytes whose hash the event has")
            }
        } else if isThere {
            findings.add(position, "attachment.position", "beside no event that has the hash of an attachment")
        }
        if isThere { try attachments.advance() }
    }

    // MARK: Roots

    private mutating func compareKept() {
        while let tree = kept.first, tree.size <= reached {
            kept = kept.dropFirst()
            // A tree of fewer leaves than were read was passed over: positions are missing, and reported.
            if tree.size != recomputed.size || tree.rootHash != recomputed.root {
                findings.add(nil, "checkpoint.root_hash", "another history: the log's first \(tree.size) events are not those of the kept checkpoint")
            }
        }
    }

    private mutating func reportMismatches() {
        let root = head.rootHash
        let isLeafHashChanged = recomputed.root == root
        let isRowChanged = (stored ?? recomputed).root == root
        for position in mismatches {
            if isRowChanged {
                findings.add(position, "event", "the row is not what its leaf hash covers; the leaf hash is in the root")
            } else if isLeafHashChanged {
                findings.add(position, "event.leaf_hash", "not the hash of the row; the row's own is in the root")
            } else {
                findings.add(position, "event.leaf_hash", "does not agree with the row")
            }
        }
        findings.addUnlisted(mismatchCount - mismatches.count)
        if !isRowChanged, !isLeafHashChanged {
            findings.add(nil, "head.root_hash", "not the root over the log's leaves")
        }
    }
}
