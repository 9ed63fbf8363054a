import EventStore
import Foundation
import GRDB

/// `reactors.sqlite`, which several stores share. The first to open it makes the tables of all, so that whatever is wrong is found before
/// anybody has it open.
///
/// What is in it can be had again: reactors recognise by their keys what is done (I9), timers are found in the log. So a file that is
/// damaged, or whose tables are not those it says it has, is set aside and begun anew, rather than keeping a territory from being served.
/// A file that is locked, or that may not be opened, is left alone.
enum ReactorsDatabase {
    static func open(_ path: String, _ report: (String) -> Void) throws -> DatabaseQueue {
        do {
            return try openIntact(path)
        } catch let error as DatabaseError where isDamage(error) {
            let name = URL(fileURLWithPath: try DamagedFile.setAside(path)).lastPathComponent
            report(
                """
                reactors.sqlite was damaged (SQLite \(error.extendedResultCode.rawValue)), kept as \(name) and begun anew: followers read the log \
                again and recognise what is done; what was parked is tried again, what was discarded too
                """
            )
            return try openIntact(path)
        }
    }

    /// - Throws: `EventStoreError` `corrupted`.
    static func openForReading(_ path: String) throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else {
            let empty = try DatabaseQueue(configuration: configuration)
            try SQLiteReactorStore.migrator.migrate(empty)
            return empty
        }
        var configuration = configuration
        configuration.readonly = true
        do {
            return try openChecked(path, configuration)
        } catch let error as DatabaseError where isDamage(error) {
            throw EventStoreError(
                .corrupted,
                "reactors.sqlite is damaged (SQLite \(error.extendedResultCode.rawValue)): the next start of the server sets it aside and begins it anew."
            )
        } catch let error as DatabaseError {
            guard StillFile.isRefusal(error.extendedResultCode.rawValue), let uri = StillFile.uri(of: path) else { throw error }
            return try openChecked(uri, configuration)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        return configuration
    }

    private static func openIntact(_ path: String) throws -> DatabaseQueue {
        // SQLite gives the files beside it the same mode; if the file cannot be made, opening it says why.
        let files = FileManager.default
        if files.fileExists(atPath: path) {
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } else {
            _ = files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        var configuration = configuration
        configuration.journalMode = .wal
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
        let database = try openChecked(path, configuration)
        try SQLiteReactorStore.migrator.migrate(database)
        return database
    }

    /// All of the file is looked at, which is small: a damaged page must not be met later, by a follower at work.
    private static func openChecked(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        let database = try DatabaseQueue(path: path, configuration: configuration)
        let found = try database.unsafeRead { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard found == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return database
    }

    /// Whether the content is what is wrong. A generic error is one too: tables are there that should not be, or lack, or are of a format
    /// that SQLite does not know.
    private static func isDamage(_ error: DatabaseError) -> Bool {
        DamagedFile.isDamage(error.extendedResultCode.rawValue) || error.resultCode == .SQLITE_ERROR
    }
}
