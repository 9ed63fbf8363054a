/// The tables whose rows are copied, each in the order of its key; keys only grow.
enum BackupTable: String, CaseIterable {
    // Streams before the events that name them, events before their attachments.
    case stream, event, attachment, command

    /// Those whose rows never change, so that they may be copied in several snapshots.
    static let immutable: [BackupTable] = [.stream, .event, .attachment]

    /// The column that rows are ordered by.
    var key: String {
        switch self {
        case .stream: "id"
        case .event, .attachment: "position"
        case .command: "number"
        }
    }

    /// Tables of one row or few, which are compared or replaced as a whole.
    private static let small: Set<String> = ["meta", "head", "replica_offset"]

    /// Whether every table of a log is known here: one that is not would be missing from the copy without a word.
    static func coverAll(of connection: Connection) throws -> Bool {
        let names = try connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        while try names.step() {
            let name = names.string(0)
            guard BackupTable(rawValue: name) != nil || small.contains(name) else { return false }
        }
        return true
    }

    func last(on connection: Connection) throws -> Int64 {
        try connection.integer("SELECT max(\(key)) FROM \(rawValue)") ?? 0
    }
}
