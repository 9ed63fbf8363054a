import GRDBSQLite

/// Why a read model cannot be read or written. Texts carry nothing about a patient.
public enum ViewError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The data directory holds no `views.sqlite` yet.
    case missing
    /// The views were asked for a position that they have not reached.
    case behind(asked: Int64, reached: Int64)
    /// No projection has this name.
    case unknownProjection(String)
    /// This projection is being rebuilt already.
    case alreadyRebuilding(String)
    /// The projection's tables are being built for this release: they have come to this position, and are shown when they have caught up.
    case beingBuilt(projection: String, position: Int64)
    /// No generation of this release's version is kept.
    case nothingKept(String)
    /// Readers hold an older snapshot of the file.
    case busy
    /// A later owner of the data directory (epoch) has written to the views.
    case superseded(savedEpoch: Int64, epoch: Int64)
    /// SQLite failed with this extended result code.
    case storage(code: Int32, activity: String)
    /// A row holds what no projection writes.
    case damaged(table: String)

    public var description: String {
        switch self {
        case .missing: "there are no views in the data directory yet; start the server once, or run: relais projections rebuild"
        case .behind(let asked, let reached): "the views have reached position \(reached), not \(asked) yet; try again in a moment"
        case .unknownProjection(let name): "there is no projection \(name); relais projections list names them"
        case .alreadyRebuilding(let name): "the projection \(name) is being rebuilt already; wait until it is done"
        case .beingBuilt(let name, let position):
            "the projection \(name) is being built for this release and has reached position \(position); try again when it is done"
        case .nothingKept(let name): "no earlier tables of the projection \(name) are kept that this release can go on with; rebuild it"
        case .busy: "readers hold the views open; try again in a moment"
        case .superseded(let saved, let epoch):
            "the views were written in epoch \(saved) of the log, this process is of epoch \(epoch): another process owns the directory"
        case .storage(let code, let activity):
            "SQLite answered \(code) (\(String(cString: sqlite3_errstr(code)))) while \(activity)"
        case .damaged(let table): "the table \(table) holds a row that cannot be read; rebuild its projection"
        }
    }

    /// Whether the file itself is unusable, so that only making it anew helps.
    var isBroken: Bool {
        guard case .storage(let code, _) = self else { return false }
        return [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF)
    }
}
