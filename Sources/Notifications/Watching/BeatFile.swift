import EventStore
import Synchronization
public import Timekeeping

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A sign of life that another process can read: the instant of the last one, in a file of its own.
public final class BeatFile: Sendable {
    /// Milliseconds between two writes; calls in between cost nothing.
    static let pause: Int64 = 10_000

    private let folder: String
    private let name: String
    private let time: TimeSource
    private let last = Mutex<Instant?>(nil)

    /// - Parameters:
    ///   - directory: must exist; the file is `beats/<name>` in it.
    ///   - name: letters, digits and hyphens.
    public init(directory: String, name: String, time: TimeSource = .system) {
        folder = Beats.folder(in: directory)
        self.name = name
        self.time = time
    }

    /// Writes the present instant, unless that was done just now. Whoever reads finds a whole instant, the former or this one.
    ///
    /// - Throws: `EventStoreError` `storageUnavailable` if it cannot be written; it is tried again at the next call.
    public func beat() throws {
        let now = time.now()
        try last.withLock { last in
            if let last, now.milliseconds(since: last).magnitude < UInt64(Self.pause) { return }
            try write(now.rfc3339 + "\n")
            last = now
        }
    }

    private func write(_ text: String) throws {
        guard Beats.isName(name) else { throw EventStoreError(.storageUnavailable, "A sign of life cannot have this name.") }
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure() }
        let path = "\(folder)/\(name)"
        // A hidden name, which readers pass over.
        let unfinished = "\(folder)/.\(name).new"
        let file = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure() }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { posixWrite(file, $0.baseAddress, $0.count) }
        let isClosed = close(file) == 0
        guard written == bytes.count, isClosed, rename(unfinished, path) == 0 else { throw failure() }
    }

    private func failure() -> EventStoreError {
        EventStoreError(.storageUnavailable, "The sign of life \(name) cannot be written (errno \(errno)): check path, permissions and disk.")
    }
}

private func posixWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
