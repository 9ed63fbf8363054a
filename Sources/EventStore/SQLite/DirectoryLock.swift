#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The right to write in a data directory: an exclusive lock on its `lock` file, which the kernel releases when the
/// process ends, however it ends.
///
/// Not for network file systems, where such locks may not be honoured; the log's epoch fences those.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of `directory` without waiting.
    ///
    /// - Throws: ``EventStoreError`` `ownedByAnother` if it is held, `storageUnavailable` if the file cannot be opened.
    init(directory: String) throws {
        let descriptor = open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EventStoreError(.storageUnavailable, "The directory's lock file cannot be opened (errno \(errno)): check its permissions.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var facts = EventStoreError.Facts()
            facts.processID = Self.owner(descriptor)
            close(descriptor)
            let owner = facts.processID.map { "process \($0)" } ?? "another process"
            throw EventStoreError(.ownedByAnother, "The data directory is in use by \(owner): stop it, or read only.", facts: facts)
        }
        self.descriptor = descriptor
        // Only for whoever is refused to say who holds it: failing to write it down is no reason to stop.
        ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit {
        close(descriptor)
    }

    private static func owner(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
