internal import Synchronization

/// Files read lately, by their whole text: each process life, follower and request reads the same publications from the log, and to read
/// YAML takes a thousand times as long as to recognise it. Only what was without a problem is kept.
final class ParsedFiles<File: Sendable>: Sendable {
    private let capacity: Int
    private let files = Mutex<[[UInt8]: File]>([:])

    /// - Parameter capacity: files, after which all are dropped.
    init(capacity: Int) {
        self.capacity = capacity
    }

    func file(of yaml: [UInt8], parse: () throws(FileErrors) -> File) throws(FileErrors) -> File {
        if let found = files.withLock({ $0[yaml] }) { return found }
        let parsed = try parse()
        files.withLock { files in
            if files.count >= capacity { files = [:] }
            files[yaml] = parsed
        }
        return parsed
    }
}
