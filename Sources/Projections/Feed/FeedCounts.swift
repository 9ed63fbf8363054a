/// The totals per sender, summed up in memory while a page is folded and written when it ends: a page of messages touches few of them.
final class FeedCounts {
    struct Sender: Hashable {
        let application: String
        let facility: String
    }

    private struct Key: Hashable {
        let sender: Sender
        let isWarning: Bool
        let code: String
    }

    private let add: ViewStatement
    private let dropEmpty: ViewStatement
    private let touch: ViewStatement
    private var changes: [Key: Int64] = [:]
    private var lastReceived: [Sender: Int64] = [:]

    init(_ tables: ViewTables) throws {
        let count = tables["feed_count"]
        add = try tables.statement(
            """
            INSERT INTO \(count)(application, facility, kind, code, total) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (application, facility, kind, code) DO UPDATE SET total = total + excluded.total
            """
        )
        dropEmpty = try tables.statement("DELETE FROM \(count) WHERE application = ?1 AND facility = ?2 AND total = 0")
        touch = try tables.statement(
            """
            INSERT INTO \(tables["feed_sender"])(application, facility, last_received_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (application, facility) DO UPDATE SET last_received_at = excluded.last_received_at
            """
        )
    }

    func forget() {
        changes = [:]
        lastReceived = [:]
    }

    /// - Parameter by: 1 for a message that came, -1 for one that was erased.
    func count(_ sender: Sender, outcome: String, by: Int64) {
        changes[Key(sender: sender, isWarning: false, code: outcome), default: 0] += by
    }

    func count(_ sender: Sender, warning: String, by: Int64) {
        changes[Key(sender: sender, isWarning: true, code: warning), default: 0] += by
    }

    func received(from sender: Sender, at milliseconds: Int64) {
        lastReceived[sender] = milliseconds
    }

    func flush() throws {
        var lessened: Set<Sender> = []
        for (key, change) in changes where change != 0 {
            add.bind(1, key.sender.application)
            add.bind(2, key.sender.facility)
            add.bind(3, key.isWarning ? "warning" : "outcome")
            add.bind(4, key.code)
            add.bind(5, change)
            try add.run()
            if change < 0 { lessened.insert(key.sender) }
        }
        for sender in lessened {
            dropEmpty.bind(1, sender.application)
            dropEmpty.bind(2, sender.facility)
            try dropEmpty.run()
        }
        for (sender, milliseconds) in lastReceived {
            touch.bind(1, sender.application)
            touch.bind(2, sender.facility)
            touch.bind(3, milliseconds)
            try touch.run()
        }
        forget()
    }
}
