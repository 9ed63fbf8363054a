import EventStore
import Foundation
import GRDB
import Synchronization

/// The connections to `keys.sqlite`: one that writes, one that reads beside it.
final class KeyStore: Sendable {
    let file: KeyStoreFile
    let origin: KeySchema.Origin
    private let writer: DatabaseQueue?
    private let reader: DatabaseQueue
    private let lock: Mutex<KeyStoreLock?>

    private init(file: KeyStoreFile, origin: KeySchema.Origin, writer: DatabaseQueue?, reader: DatabaseQueue, lock: KeyStoreLock?) {
        self.file = file
        self.origin = origin
        self.writer = writer
        self.reader = reader
        self.lock = Mutex(lock)
    }

    // MARK: Opening

    /// - Parameters:
    ///   - initial: what a store that is made here says of itself; nil = it must exist.
    ///   - beforeCheck: what a test does to the connection between setting it up and reading its settings back.
    static func open(
        _ file: KeyStoreFile,
        makingWith initial: KeySchema.Origin?,
        beforeCheck: (Database) throws -> Void = { _ in }
    ) throws -> KeyStore {
        guard file.hasContent || initial != nil else { throw missing }
        if initial != nil { try file.create() }
        let lock = try file.lock()
        try file.restrict()
        return try reportingStorage(while: "opening the key store") {
            let writer = try DatabaseQueue(path: file.path, configuration: configuration())
            let origin = try writer.writeWithoutTransaction { database in
                try demandDurability(of: database)
                try beforeCheck(database)
                try checkDurability(of: database)
                if let initial, try KeySchema.isEmpty(database) { try KeySchema.create(in: database, initial) }
                return try KeySchema.check(database)
            }
            return KeyStore(file: file, origin: origin, writer: writer, reader: try openReader(file), lock: lock)
        }
    }

    static func openReadOnly(_ file: KeyStoreFile) throws -> KeyStore {
        guard file.hasContent else { throw missing }
        return try reportingStorage(while: "opening the key store") {
            let reader = try openReader(file)
            let origin = try reader.unsafeRead(KeySchema.check)
            return KeyStore(file: file, origin: origin, writer: nil, reader: reader, lock: nil)
        }
    }

    private static var missing: SealingError {
        SealingError(.noKeyStore, "The data directory holds no keys.sqlite: restore it, initialise the directory, or check its path.")
    }

    /// Also where nothing may be written (`StillFile`).
    private static func openReader(_ file: KeyStoreFile) throws -> DatabaseQueue {
        var configuration = configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            // Opening reads nothing yet.
            _ = try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
            return queue
        } catch let error as DatabaseError {
            guard StillFile.isRefusal(error.extendedResultCode.rawValue), let uri = StillFile.uri(of: file.path) else { throw error }
            return try DatabaseQueue(path: uri, configuration: configuration)
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // Temporary files would be traces too.
            try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384")
        }
        return configuration
    }

    /// After opening, because GRDB sets `synchronous = NORMAL` when it turns on the write-ahead log by itself.
    private static func demandDurability(of database: Database) throws {
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
    }

    private static func checkDurability(of database: Database) throws {
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "none"
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0
        let secureDelete = try Int.fetchOne(database, sql: "PRAGMA secure_delete") ?? 0
        guard journal == "wal", synchronous == 2, secureDelete == 1 else {
            throw EventStoreError(
                .durabilityLowered,
                """
                The key store's connection reads back journal_mode \(journal), synchronous \(synchronous), \
                secure_delete \(secureDelete) instead of wal, 2, 1: not starting.
                """
            )
        }
    }

    // MARK: Using

    /// Whether it was opened for writing.
    var isWritable: Bool { writer != nil }

    /// Runs one statement, or several that need not agree, on the reading connection.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try reportingStorage(while: "reading the key store") { try reader.unsafeRead(body) }
    }

    /// Runs statements that must agree on a reading connection of its own, so that nobody waits for them.
    func readApart<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try reportingStorage(while: "reading the key store") {
            let apart = try Self.openReader(file)
            let value = try apart.unsafeRead(body)
            try apart.close()
            return value
        }
    }

    /// Runs `body` alone on the writing connection, in no transaction.
    func onWriter<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard let writer else { throw SealingError.readOnly }
        return try reportingStorage(while: "writing to the key store") { try writer.writeWithoutTransaction(body) }
    }

    /// As ``onWriter(_:)``, later, without waiting for it and whatever becomes of the calling task. `body` is not run once
    /// the store is closed.
    ///
    /// - Returns: whether there is a writing connection.
    func enqueue(_ body: @escaping @Sendable (Database) -> Void) -> Bool {
        guard let writer else { return false }
        writer.asyncWriteWithoutTransaction(body)
        return true
    }

    /// Runs `body` in a transaction that is durable when this returns, or leaves nothing.
    func commit<Value>(_ database: Database, _ body: () throws -> Value) throws -> Value {
        try reportingStorage(while: "writing to the key store") {
            try database.beginTransaction(.immediate)
            do {
                let value = try body()
                try database.commit()
                return value
            } catch {
                // After a full disk or an I/O error SQLite may have rolled back by itself.
                if database.isInsideTransaction { try database.rollback() }
                throw error
            }
        }
    }

    /// Empties the write-ahead log into the file.
    ///
    /// - Returns: false if a reader still needs it.
    func truncateWriteAheadLog() throws -> Bool {
        try onWriter { database in
            // Waiting inside SQLite would hold up everybody who needs a key.
            try database.execute(sql: "PRAGMA busy_timeout = 50")
            defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
            do {
                try database.checkpoint(.truncate)
                return true
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                return false
            }
        }
    }

    /// Writes a copy of what is committed, without free pages, into the empty file at `path`.
    func copy(to path: String) throws {
        try readApart { database in try database.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    }

    /// Reads a copy that nobody else uses.
    static func withCopy<Value>(at path: String, _ body: (Database) throws -> Value) throws -> Value {
        try reportingStorage(while: "reading a copy of the key store") {
            var configuration = configuration()
            configuration.readonly = true
            let copy = try DatabaseQueue(path: path, configuration: configuration)
            let value = try copy.unsafeRead(body)
            try copy.close()
            return value
        }
    }

    /// Gives back the memory in which connections hold pages.
    func releaseMemory() {
        writer?.releaseMemory()
        reader.releaseMemory()
    }

    func close() throws {
        try reportingStorage(while: "closing the key store") {
            try reader.close()
            try writer?.close()
        }
        lock.withLock { $0 = nil }
    }
}
