import Synchronization

/// The read side of `views.sqlite`: lends read connections to the readers of each view. Any process may open it.
public final class Views: Sendable {
    /// `@unchecked Sendable`: the pool lends each connection to one caller at a time.
    private final class Lent: @unchecked Sendable {
        let connection: ViewConnection

        init(_ connection: ViewConnection) { self.connection = connection }
    }

    private static let idleLimit = 4
    private static let cacheKibibytes = 8_192

    private let file: ViewFile
    private let idle = Mutex<[Lent]>([])

    /// - Parameter directory: the data directory.
    /// - Throws: `ViewError.missing` if no projection has run there yet.
    public init(directory: String) throws {
        file = ViewFile(directory: directory)
        guard file.exists else { throw ViewError.missing }
    }

    /// Runs `body` on one snapshot of the views: all its reads see the same position.
    func read<Value>(_ body: (ViewConnection) throws -> Value) throws -> Value {
        let lent = try idle.withLock { $0.popLast() } ?? open()
        let value = try lent.connection.transaction("BEGIN") { try body(lent.connection) }
        idle.withLock { if $0.count < Self.idleLimit { $0.append(lent) } }
        return value
    }

    private func open() throws -> Lent {
        let connection = try ViewConnection(path: file.path, access: .reading)
        try connection.execute("PRAGMA cache_size = -\(Self.cacheKibibytes)")
        return Lent(connection)
    }
}

extension ViewConnection {
    /// How far the live tables of a projection have come; 0 before its first event.
    /// - Throws: `ViewError.beingBuilt` if readers see none of it yet.
    func position(of name: String) throws -> Int64 {
        let look = try statement("SELECT position FROM projection WHERE name = ?1 AND state = 'live'")
        look.bind(1, name)
        if let position = try look.first({ $0.int64(0) }) { return position }
        let built = try statement("SELECT max(position) FROM projection WHERE name = ?1 HAVING count(*) > 0")
        built.bind(1, name)
        if let position = try built.first({ $0.int64(0) }) { throw ViewError.beingBuilt(projection: name, position: position) }
        return 0
    }

    /// The position to read a projection at: the one asked for, or the last it has reached.
    /// - Throws: `ViewError.behind` if it has not reached the one asked for.
    func position(of name: String, asOf asked: Int64?) throws -> Int64 {
        let reached = try position(of: name)
        guard let asked else { return reached }
        guard asked <= reached else { throw ViewError.behind(asked: asked, reached: reached) }
        return asked
    }
}
