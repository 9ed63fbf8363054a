import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A database of derived or repeatable facts that is no database any more: it is kept for whoever wants to look, and begun anew.
public enum DamagedFile {
    /// What stands behind the name of a file that was set aside. An earlier one of this name gives way.
    public static let suffix = ".damaged"

    /// Whether SQLite's answer means that the content is damaged; never when the file is locked, may not be opened, or its disk fails.
    ///
    /// - Parameter sqliteCode: primary or extended.
    public static func isDamage(_ sqliteCode: Int32) -> Bool {
        [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT].contains(sqliteCode & 0xFF)
    }

    /// Gives the file at `path`, and those that SQLite keeps beside it, another name. Nobody may have it open.
    ///
    /// - Returns: the new path.
    /// - Throws: ``EventStoreError`` `storageUnavailable`.
    public static func setAside(_ path: String) throws -> String {
        let target = path + suffix
        // The log first: beside a fresh file it would be taken for that file's own.
        for part in ["-wal", "-shm", "-journal", ""] {
            guard rename(path + part, target + part) != 0 else { continue }
            guard errno == ENOENT else {
                throw EventStoreError(
                    .storageUnavailable,
                    "A damaged database file cannot be renamed to …\(suffix) (errno \(errno)): check the directory's permissions."
                )
            }
            unlink(target + part)
        }
        return target
    }
}
