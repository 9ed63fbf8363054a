import Timekeeping

/// Reads the log of a data directory, also while another process appends to it.
public final class SQLiteEventReader: EventReader {
    /// How ``nextCommit(after:)`` learns of commits.
    enum Watch: Sendable {
        /// The writer is in this process and tells.
        case signal(CommitSignal)
        /// The writer is elsewhere: look, pause, look again.
        case polling(pause: @Sendable () async throws -> Void)
    }

    public let identity: String
    private let pool: ReaderPool
    private let sealer: any PayloadSealer
    let watch: Watch

    // SQLITE_READONLY_ROLLBACK, which C defines as an expression that Swift cannot import.
    private static let hotJournal: Int32 = 8 | 3 << 8

    // A long read lets go of its snapshot after this many events, so that the write-ahead log can start over.
    private static let snapshotLength = 10_000

    init(directory: DataDirectory, sealer: any PayloadSealer, watch: Watch) throws {
        guard directory.hasLog else {
            throw EventStoreError(.notALog, "The data directory holds no log: initialise it, or check its path.")
        }
        pool = ReaderPool(path: directory.log)
        self.sealer = sealer
        self.watch = watch
        do {
            identity = try pool.withConnection { try Schema.check(on: $0.connection) }
        } catch let error as EventStoreError where error.facts.sqliteCode == Self.hotJournal {
            // A copy whose making was killed: what its last transaction left is taken back, which a reader may not do.
            _ = try Connection(path: directory.log, access: .writing).integer("SELECT count(*) FROM sqlite_schema")
            identity = try pool.withConnection { try Schema.check(on: $0.connection) }
        }
    }

    public func head() throws -> LogHead {
        try pool.withConnection { reader in
            guard let head = try StoredHead.read(with: reader.statement(Queries.head)) else {
                throw EventStoreError(.corrupted, "The log has no head row: run verify.")
            }
            return LogHead(position: head.position, rootHash: head.rootHash, epoch: head.epoch)
        }
    }

    public func read(after position: Int64, limit: Int) throws -> [RecordedEvent] {
        try pool.withConnection { reader in
            let page = try reader.statement(Queries.page)
            page.bind(1, position)
            page.bind(2, Int64.max)
            return try Self.collect(page, limit, from: reader)
        }
    }

    public func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        try pool.withConnection { reader in
            let page = try reader.statement(Queries.leafHashes)
            page.bind(1, position)
            // To SQLite a negative limit is none.
            page.bind(2, Int64(max(limit, 0)))
            defer { page.reset() }
            var hashes: [Hash256] = []
            while try page.step() {
                let expected = position + Int64(hashes.count) + 1
                guard page.int64(0) == expected, let hash = Hash256(bytes: page.blob(1)) else {
                    throw EventStoreError(.corrupted, "There is no leaf hash at position \(expected): run verify.")
                }
                hashes.append(hash)
            }
            return hashes
        }
    }

    public func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try pool.withConnection { reader in
            let page = try reader.statement(Queries.streamPage)
            page.bind(1, copying: stream.bytes)
            page.bind(2, version)
            return try Self.collect(page, limit, from: reader)
        }
    }

    private static func collect(_ page: Statement, _ limit: Int, from reader: ReadConnection) throws -> [RecordedEvent] {
        // To SQLite a negative limit is none.
        page.bind(3, Int64(max(limit, 0)))
        var events: [RecordedEvent] = []
        try reader.forEach(page) { events.append($0) }
        return events
    }

    public func version(of stream: StreamID) throws -> Int64 {
        try pool.withConnection { reader in
            let lookUp = try reader.statement(Queries.streamHead)
            lookUp.bind(1, copying: stream.bytes)
            guard try lookUp.step() else { return 0 }
            defer { lookUp.reset() }
            return lookUp.int64(1)
        }
    }

    public func attachment(of position: Int64) throws -> [UInt8]? {
        try pool.withConnection { reader in
            let lookUp = try reader.statement(Queries.attachment)
            lookUp.bind(1, position)
            guard try lookUp.step() else { return nil }
            defer { lookUp.reset() }
            return lookUp.bytes(0)
        }
    }

    public func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        var reached = position
        while reached < last {
            let before = reached
            try pool.withConnection { reader in
                let page = try reader.statement(Queries.page)
                page.bind(1, reached)
                page.bind(2, last)
                page.bind(3, Int64(Self.snapshotLength))
                try reader.forEach(page) { event in
                    try body(event)
                    reached = event.position
                }
            }
            guard reached > before else { return }
        }
    }

    public func command(scope: String, key: String) throws -> RecordedCommand? {
        let stored = try pool.withConnection { reader in
            try CommandRow.read(CommandKey.digest(scope: scope, key: key), with: reader.statement(Queries.command))?.command
        }
        return try stored?.opened(by: sealer)
    }

    public func commandCounts(scope: String) throws -> CommandCounts {
        try pool.withConnection { reader in
            func total(_ sql: String) throws -> Int64 {
                let sum = try reader.statement(sql)
                sum.bind(1, copying: scope)
                defer { sum.reset() }
                return try sum.step() ? sum.int64(0) : 0
            }
            return CommandCounts(repeats: try total(Queries.repeats), reuses: try total(Queries.reuses))
        }
    }

    public func nextCommit(after position: Int64) async throws -> Int64 {
        switch watch {
        case .signal(let signal):
            return try await signal.wait(beyond: position)
        case .polling(let pause):
            while true {
                try Task.checkCancellation()
                let reached = try head().position
                if reached > position { return reached }
                try await pause()
            }
        }
    }

    /// Lends a connection for statements of other files of this module, such as verification.
    func withReader<Value>(_ body: (ReadConnection) throws -> Value) throws -> Value {
        try pool.withConnection(body)
    }

    /// Releases the connections; reads then throw `closed`.
    public func close() {
        pool.close()
    }
}
