#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a log lives on disk. What it holds is about patients: only its owner may read it.
struct DataDirectory: Sendable {
    let path: String

    var log: String { "\(path)/log.sqlite" }

    var hasLog: Bool { access(log, F_OK) == 0 }

    /// A log that was stopped by a full disk resumes with this much room, so that it does not stop again at once.
    private static let roomToResume: UInt64 = 1 << 20

    /// - Throws: ``EventStoreError`` `diskFull` if there is next to no room.
    func checkRoom() throws {
        var system = statvfs()
        // A system that does not tell is asked by writing.
        guard statvfs(path, &system) == 0 else { return }
        let (room, overflow) = UInt64(system.f_bavail).multipliedReportingOverflow(by: UInt64(system.f_frsize))
        guard overflow || room >= Self.roomToResume else {
            throw EventStoreError(.diskFull, "\(room) bytes are left on the log's disk: free at least \(Self.roomToResume).")
        }
    }

    /// Creates the directory (not its parents) and an empty log file, durably, where they are missing.
    func create() throws {
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw EventStoreError(.storageUnavailable, "The data directory cannot be created (errno \(errno)): check its parent.")
        }
    }

    /// Creates the empty log file with its directory entry on disk: SQLite syncs the file, not its name.
    func createLogFile() throws {
        let file = open(log, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw EventStoreError(.storageUnavailable, "The log file cannot be created (errno \(errno)): check the directory's permissions.")
        }
        close(file)
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            throw EventStoreError(.storageUnavailable, "The data directory cannot be opened (errno \(errno)).")
        }
        defer { close(directory) }
        guard fsync(directory) == 0 else {
            throw EventStoreError(.storageUnavailable, "The data directory cannot be synced (errno \(errno)).")
        }
    }
}
