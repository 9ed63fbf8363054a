import GRDBSQLite

/// Walks attachments beside their events.
struct AttachmentCursor {
    private let rows: Statement
    /// Whose attachment comes next; nil at the end.
    private(set) var position: Int64?

    /// - Parameter rows: a statement that gives position and bytes, with the first and last position as parameters.
    init(_ rows: Statement, after first: Int64, through last: Int64) throws {
        self.rows = rows
        rows.bind(1, first)
        rows.bind(2, last)
        try advance()
    }

    /// The hash of the attachment's bytes; nil if it is no blob.
    var hash: Hash256? {
        rows.type(1) == SQLITE_BLOB ? Hash256.of(rows.blob(1)) : nil
    }

    mutating func advance() throws {
        position = try rows.step() ? rows.int64(0) : nil
    }

    func close() {
        rows.reset()
    }
}
