import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A database file that is read where nothing may be written, such as a copy on a read-only disk.
///
/// To read a file in write-ahead mode SQLite makes files beside it. Where it cannot, the file can still be read as one that nobody
/// changes, provided that its write-ahead log holds nothing.
public enum StillFile {
    /// The codes with which SQLite refuses to read because it may not make the files beside it.
    ///
    /// - Parameter sqliteCode: primary or extended.
    public static func isRefusal(_ sqliteCode: Int32) -> Bool {
        // SQLITE_READONLY_CANTINIT and SQLITE_READONLY_DIRECTORY, which C defines as expressions that Swift cannot import.
        sqliteCode & 0xFF == SQLITE_CANTOPEN || [SQLITE_READONLY | 5 << 8, SQLITE_READONLY | 6 << 8].contains(sqliteCode)
    }

    /// The URI under which SQLite reads the file at `path` without locks and without files beside it.
    ///
    /// - Returns: nil if there is no such file, part of what it holds is in its write-ahead log, or files may well be made beside it: then
    ///   something else kept SQLite from it, and whoever writes it may be at work.
    public static func uri(of path: String) -> String? {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        guard faccessat(AT_FDCWD, directory, W_OK, AT_EACCESS) != 0, stat(path, &status) == 0 else { return nil }
        if stat("\(path)-wal", &status) == 0, status.st_size > 0 { return nil }
        let escapes: [Character: String] = ["%": "%25", "?": "%3F", "#": "%23"]
        return "file:\(path.map { escapes[$0] ?? String($0) }.joined())?immutable=1"
    }
}
