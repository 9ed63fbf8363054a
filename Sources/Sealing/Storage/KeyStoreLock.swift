import EventStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The right to write in a key store. A file of its own: closing another descriptor of `keys.sqlite` itself would drop
/// SQLite's locks on it.
final class KeyStoreLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock without waiting.
    ///
    /// - Throws: `EventStoreError` `ownedByAnother` if it is held.
    init(path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EventStoreError(.storageUnavailable, "The key store's lock file cannot be opened (errno \(errno)): check its permissions.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw EventStoreError(.ownedByAnother, "The key store is in use by another process: stop it, or read only.")
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
