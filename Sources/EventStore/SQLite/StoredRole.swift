/// The row of `meta` that says whether a log is a replica. A log that never was one has none, and is a writer's.
struct StoredRole: Hashable, Sendable {
    static let name = "role"

    var role: LogRole
    /// The epoch in which it became that.
    var epoch: Int64

    /// As stored: the role, a blank, the epoch.
    var text: String { "\(role.rawValue) \(epoch)" }

    /// nil unless `text` is what ``text`` gives.
    init?(text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let role = LogRole(rawValue: String(parts[0])), let epoch = Int64(parts[1]), epoch >= 0 else { return nil }
        self.init(role: role, epoch: epoch)
        guard self.text == text else { return nil }
    }

    init(role: LogRole, epoch: Int64) {
        self.role = role
        self.epoch = epoch
    }

    /// - Throws: ``EventStoreError`` `corrupted` if the row is not what the log writes.
    static func read(on connection: Connection) throws -> StoredRole? {
        guard let text = try connection.text("SELECT value FROM meta WHERE name = '\(name)'") else { return nil }
        guard let stored = StoredRole(text: text) else {
            throw EventStoreError(.corrupted, "The log does not say whether it is a replica: run verify.")
        }
        return stored
    }

    /// To be called in a transaction.
    func write(on connection: Connection) throws {
        try connection.execute("DELETE FROM meta WHERE name = '\(Self.name)'")
        try Schema.insertMeta(Self.name, text, on: connection)
    }
}
