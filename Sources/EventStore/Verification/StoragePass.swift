import GRDBSQLite

/// The second half of a verification, of one state of the file: all that is not a leaf.
///
/// - The tables, indexes and triggers are those that a new log has.
/// - The head, `meta` and every command are what their hashes cover; no command is missing or added.
/// - Each stream's versions count from 1 without gap, each stream has events, nothing lies beyond the head.
/// - SQLite's own quick check, which walks every page, and ``IndexCheck``, which compares indexes with tables.
struct StoragePass {
    private let connection: Connection
    /// Whether the log says that it is, or was, a replica.
    private var isReplica = false
    private(set) var findings = Findings()

    private init(_ connection: Connection) {
        self.connection = connection
    }

    /// Checks the state that `connection` sees now. Damage that stops a check is a finding too.
    static func run(on connection: Connection) throws -> Findings {
        var pass = StoragePass(connection)
        try connection.snapshot {
            try pass.guarded("schema") { try $0.checkSchema() }
            try pass.guarded("meta") { try $0.checkMeta() }
            try pass.guarded("head") { try $0.checkHead() }
            try pass.guarded("replica_offset") { try $0.checkReplicaOffsets() }
            try pass.guarded("event.version") { try $0.checkVersions() }
            try pass.guarded("command") { try $0.checkCommands() }
            try pass.guarded("storage") { try $0.checkStorage() }
        }
        return pass.findings
    }

    private mutating func guarded(_ subject: String, _ check: (inout StoragePass) throws -> Void) throws {
        do {
            try check(&self)
        } catch let error as EventStoreError where error.code == .corrupted {
            findings.add(nil, subject, "cannot be read: \(error.message)")
        }
    }

    private mutating func checkSchema() throws {
        let found = try Self.objects(of: connection)
        let blank = try Connection(path: ":memory:", access: .writing)
        for statement in Schema.statements { try blank.execute(statement) }
        isReplica = try Schema.foundVersion(on: connection) == Schema.replicaVersion
        if isReplica { try blank.execute(Schema.replicaOffset) }
        let wanted = try Self.objects(of: blank)
        for (name, sql) in wanted.sorted(by: { $0.key < $1.key }) where found[name] != sql {
            findings.add(nil, "schema", "\(name) is \(found[name] == nil ? "missing" : "not as the log makes it")")
        }
        for name in found.keys.sorted() where wanted[name] == nil {
            findings.add(nil, "schema", "\(name) is not one of the log's")
        }
    }

    /// What each table, index and trigger was created by.
    private static func objects(of connection: Connection) throws -> [String: String] {
        // Types too: text that became a blob of the same bytes concatenates to the same.
        let rows = try connection.prepare(
            """
            SELECT type || ' ' || name || ' of ' || tbl_name,
                coalesce(sql, '') || typeof(type) || typeof(name) || typeof(tbl_name) || typeof(rootpage) || typeof(sql)
            FROM sqlite_schema
            """
        )
        var objects: [String: String] = [:]
        while try rows.step() { objects[rows.string(0)] = rows.string(1) }
        return objects
    }

    private mutating func checkMeta() throws {
        let rows = try connection.prepare("SELECT name, value, row_hash FROM meta ORDER BY name")
        var names: [String] = []
        while try rows.step() {
            names.append(rows.string(0))
            if RowHash.of(rows, columnCount: 2, table: "meta") != RowHash(bytes: rows.blob(2)) {
                findings.add(nil, "meta.row_hash", "not the hash of row \(names.count)")
            }
        }
        let wanted = isReplica ? ["identity", StoredRole.name, "schema"] : ["identity", "schema"]
        if names != wanted { findings.add(nil, "meta.name", "not exactly the rows \(wanted.joined(separator: ", "))") }
        if isReplica { _ = try StoredRole.read(on: connection) }
    }

    private mutating func checkReplicaOffsets() throws {
        guard try Schema.hasReplicaTables(on: connection) else { return }
        let rows = try connection.prepare("SELECT topic, partition, next, row_hash FROM replica_offset ORDER BY topic, partition")
        var count = 0
        while try rows.step() {
            count += 1
            if RowHash.of(rows, columnCount: 3, table: "replica_offset") != RowHash(bytes: rows.blob(3)) {
                findings.add(nil, "replica_offset.row_hash", "not the hash of row \(count)")
            }
        }
    }

    private mutating func checkHead() throws {
        let rows = try connection.prepare(
            "SELECT one, position, tree_size, root_hash, frontier, epoch, command_count, command_sum, row_hash FROM head"
        )
        guard try rows.step() else { return findings.add(nil, "head", "the row is missing") }
        if RowHash.of(rows, columnCount: 8, table: "head") != RowHash(bytes: rows.blob(8)) {
            findings.add(nil, "head.row_hash", "not the hash of the row")
        }
        let position = rows.int64(1)
        if rows.int64(2) != position { findings.add(nil, "head.tree_size", "not the head's position") }
        if let frontier = MerkleFrontier(size: position, bytes: rows.blob(4)) {
            if frontier.root != Hash256(bytes: rows.blob(3)) {
                findings.add(nil, "head.frontier", "gives another root than head.root_hash")
            }
        } else {
            findings.add(nil, "head.frontier", "not of the length the tree's size asks for")
        }
        if try rows.step() { findings.add(nil, "head.one", "more than one row") }
        try checkExtent(position)
    }

    /// Nothing lies beyond the head, or before the first position.
    private mutating func checkExtent(_ position: Int64) throws {
        for table in ["event", "attachment"] {
            if let extra = try connection.integer("SELECT max(position) FROM \(table)"), extra > position {
                findings.add(extra, "\(table).position", "beyond the head, which says \(position)")
            }
            if let first = try connection.integer("SELECT position FROM \(table) WHERE position < 1 LIMIT 1") {
                findings.add(first, "\(table).position", "before the first position")
            }
        }
    }

    /// Walks the index of streams and versions.
    private mutating func checkVersions() throws {
        let rows = try connection.prepare("SELECT stream, version, position FROM event ORDER BY stream, version")
        var stream: Int64?
        var version: Int64 = 0
        var streamCount: Int64 = 0
        while try rows.step() {
            if rows.int64(0) != stream {
                streamCount += 1
                (stream, version) = (rows.int64(0), 0)
            }
            let (expected, found) = (version + 1, rows.int64(1))
            if found != expected {
                findings.add(rows.int64(2), "event.version", "\(found) where the stream's next is \(expected)")
            }
            version = found
        }
        // Numbers are given from 1; a stream is written with its first event.
        let extent = try connection.prepare("SELECT count(*), coalesce(min(id), 1), coalesce(max(id), 0) FROM stream")
        guard try extent.step() else { return }
        if extent.int64(0) != streamCount {
            findings.add(nil, "stream.id", "\(extent.int64(0)) rows for the \(streamCount) streams that have events")
        } else if extent.int64(1) != 1 || extent.int64(2) != streamCount {
            findings.add(nil, "stream.id", "not numbered from 1 to \(streamCount)")
        }
    }

    private mutating func checkCommands() throws {
        let head = try StoredHead.read(on: connection)?.position ?? 0
        let rows = try connection.prepare(
            """
            SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key, repeats, reuses,
                row_hash
            FROM command ORDER BY number
            """
        )
        var tally = CommandTally()
        while try rows.step() {
            let hash = RowHash.of(rows, columnCount: CommandRow.columnCount, table: "command")
            tally.add(hash)
            if hash != RowHash(bytes: rows.blob(CommandRow.columnCount)) {
                findings.add(nil, "command.row_hash", "not the hash of row \(rows.int64(0))")
            }
            if let column = Self.impossibleColumn(of: rows, head: head) {
                findings.add(nil, "command.\(column)", "impossible value in row \(rows.int64(0))")
            }
        }
        guard let kept = try CommandTally.read(on: connection) else { return findings.add(nil, "head.command_sum", "not 16 bytes") }
        if tally.count != kept.count {
            findings.add(nil, "command.number", "\(tally.count) rows where the head counts \(kept.count)")
        } else if tally != kept {
            findings.add(nil, "head.command_sum", "not the sum over the command rows")
        }
    }

    private static func impossibleColumn(of row: Statement, head: Int64) -> String? {
        if row.blob(1).count != Bits128.byteCount { return "digest" }
        if row.text(2).isEmpty { return "scope" }
        if row.blob(3).count != Hash256.byteCount { return "request_hash" }
        if !(0...1 ~= row.int64(4)) { return "lasting" }
        if row.int64(5) < 0 || row.int64(5) > head { return "position" }
        let isAnswered = !row.blob(7).isEmpty
        if row.isNull(8) == isAnswered || (isAnswered && row.blob(8).count != Bits128.byteCount) { return "answer_stream" }
        if row.int64(10) < 0 { return "repeats" }
        return row.int64(11) < 0 ? "reuses" : nil
    }

    private mutating func checkStorage() throws {
        let check = try connection.prepare("PRAGMA quick_check(20)")
        while try check.step() {
            let finding = check.string(0)
            if finding != "ok" { findings.add(nil, "storage", finding) }
        }
        for check in IndexCheck.all {
            for problem in try check.problems(on: connection) { findings.add(nil, "storage", problem) }
        }
    }
}
