#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files whose content and name are on disk when a call returns.
enum DurableFile {
    private static let blockLength = 1 << 20

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func size(_ path: String) throws -> Int64 {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw failure("be looked up") }
        return Int64(facts.st_size)
    }

    /// Copies a file that nobody writes to a new one, which only its owner may read.
    static func copy(_ source: String, to target: String) throws {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failure("be opened") }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw failure("be created") }
        defer { close(output) }
        try withUnsafeTemporaryAllocation(byteCount: blockLength, alignment: 4096) { block in
            while true {
                let count = read(input, block.baseAddress, block.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw failure("be read") }
                guard count > 0 else { break }
                var written = 0
                while written < count {
                    let step = write(output, block.baseAddress?.advanced(by: written), count - written)
                    if step < 0, errno == EINTR { continue }
                    guard step > 0 else { throw failure("be written") }
                    written += step
                }
            }
        }
        guard fsync(output) == 0 else { throw failure("be synced") }
    }

    /// Syncs a file or a directory. Not for a database that this process has open: closing the descriptor here would
    /// release SQLite's locks on it.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("be synced") }
    }

    static func rename(_ source: String, to target: String) throws {
        #if canImport(Glibc)
            let result = Glibc.rename(source, target)
        #else
            let result = Darwin.rename(source, target)
        #endif
        guard result == 0 else { throw failure("be renamed") }
    }

    /// Gives a file a second name, which must be free.
    static func link(_ source: String, to target: String) throws {
        #if canImport(Glibc)
            let result = Glibc.link(source, target)
        #else
            let result = Darwin.link(source, target)
        #endif
        guard result == 0 else { throw failure("be given a second name") }
    }

    /// Whether both are names of one file.
    static func isSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard stat(first, &one) == 0, stat(second, &other) == 0 else { return false }
        return one.st_ino == other.st_ino && one.st_dev == other.st_dev
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("be removed") }
    }

    static func removeDirectory(_ path: String) throws {
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("be removed") }
    }

    /// Names in a directory, those of itself and its parent left out.
    static func names(in path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw failure("be listed") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func failure(_ action: String) -> EventStoreError {
        let code = errno
        if code == ENOSPC || code == EDQUOT {
            return EventStoreError(.diskFull, "A file of the copy cannot \(action): no room left. Free space, then repeat.")
        }
        return EventStoreError(.storageUnavailable, "A file of the copy cannot \(action) (errno \(code)): check path, permissions and disk.")
    }
}
