import EventStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a key store lives on disk. Only its owner may read it; SQLite gives its side files the same mode.
struct KeyStoreFile: Sendable {
    let directory: String

    private static let mode: mode_t = 0o600

    var path: String { "\(directory)/keys.sqlite" }

    /// Whether there is a file with something in it: an empty one is a store whose creation was interrupted.
    var hasContent: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size > 0
    }

    /// Makes directory (not its parents) and file where they are missing, durably.
    func create() throws {
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw EventStoreError(.storageUnavailable, "The data directory cannot be created (errno \(errno)): check its parent.")
        }
        try Self.make(path, isNew: false)
        try Self.sync(directory: directory)
    }

    /// Takes away what others may do with the file.
    func restrict() throws {
        guard chmod(path, Self.mode) == 0 else {
            throw EventStoreError(.storageUnavailable, "keys.sqlite cannot be kept from others (errno \(errno)): check who owns it.")
        }
    }

    /// An exclusive lock, which the kernel releases when the process ends, however it ends.
    func lock() throws -> KeyStoreLock { try KeyStoreLock(path: "\(directory)/keys.lock") }

    // MARK: Files

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes an empty file that only its owner may read.
    ///
    /// - Parameter isNew: whether it must not exist; otherwise a file that does is left as it is.
    static func make(_ path: String, isNew: Bool = true) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : 0), mode)
        guard descriptor >= 0 else {
            throw EventStoreError(.storageUnavailable, "A key store file cannot be created (errno \(errno)): check the path and its permissions.")
        }
        close(descriptor)
    }

    static func remove(_ path: String) { unlink(path) }

    /// Gives a file its name, durably, unless there is one of that name.
    static func rename(_ path: String, to name: String) throws {
        guard link(path, name) == 0 else {
            throw EventStoreError(.storageUnavailable, "The copy of the keys cannot be given its name (errno \(errno)).")
        }
        unlink(path)
        try sync(directory: name.lastIndex(of: "/").map { String(name[...$0]) } ?? ".")
    }

    static func sync(directory: String) throws { try sync(directory, O_RDONLY | O_DIRECTORY) }

    static func sync(file: String) throws { try sync(file, O_RDWR) }

    private static func sync(_ path: String, _ flags: Int32) throws {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw EventStoreError(.storageUnavailable, "A file or directory of the key store cannot be opened (errno \(errno)).")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw EventStoreError(.storageUnavailable, "A file or directory of the key store cannot be synced (errno \(errno)).")
        }
    }
}
