/// By what a repeated command is recognised (I4).
public struct CommandKey: Sendable, Hashable {
    /// What must agree for a command to be a repetition.
    public enum Match: Sendable, Hashable {
        /// Same key and same body: a repetition. Same key, other body: refused and counted. For intake.
        case keyAndBody
        /// The key alone: if it exists the work is done, whatever the body. For process managers.
        case keyAlone
    }

    /// Whose keys these are: an interface, a sender, a process manager. Must not be empty.
    public var scope: String
    /// Unique within its scope. Only a digest of it is stored.
    public var key: String
    /// Stands for the request's body: SHA-256 of it, or what the caller makes of that with a key of theirs, so that whoever holds the log
    /// cannot try bodies out (`Coordinator` does). Stored as it is given.
    public var requestHash: Hash256
    public var match: Match

    public init(scope: String, key: String, requestHash: Hash256, match: Match) {
        self.scope = scope
        self.key = key
        self.requestHash = requestHash
        self.match = match
    }

    /// Hashes `body` for the comparison.
    public init(scope: String, key: String, body: [UInt8], match: Match) {
        self.init(scope: scope, key: key, requestHash: Hash256.of(body), match: match)
    }

    /// The 16 bytes a command is looked up by: the start of SHA-256 over scope and key, each preceded by its
    /// length as 8 big-endian bytes.
    static func digest(scope: String, key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in [scope, key] {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: part.utf8)
        }
        return Hash256.of(bytes).withBytes { Array($0.prefix(16)) }
    }
}
