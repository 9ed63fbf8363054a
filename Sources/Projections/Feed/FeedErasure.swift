import EventStore

/// Takes the messages about an erased patient out of what was counted, what waits and the quarantine, and what a stream held out of what waits.
struct FeedErasure {
    private struct Message {
        let position: Int64
        let sender: FeedCounts.Sender
        let outcome: String
        let warnings: [String]
    }

    private let messages: ViewStatement
    private let deleteMessages: ViewStatement
    private let orphan: ViewStatement
    private let deleteOrphan: ViewStatement
    private let deleteHeldInStream: ViewStatement
    private let decision: ViewStatement
    private let deleteQuarantined: ViewStatement
    private let lastReceived: ViewStatement
    private let deleteSender: ViewStatement

    init(_ tables: ViewTables) throws {
        let (message, held, orphans, quarantine) = (
            tables["feed_message"], tables["feed_held"], tables["feed_orphan"], tables["feed_quarantine"]
        )
        messages = try tables.statement("SELECT position, application, facility, outcome, warnings FROM \(message) WHERE subject = ?1")
        deleteMessages = try tables.statement("DELETE FROM \(message) WHERE subject = ?1")
        orphan = try tables.statement("SELECT message FROM \(orphans) WHERE position = ?1")
        deleteOrphan = try tables.statement("DELETE FROM \(orphans) WHERE message = ?1")
        deleteHeldInStream = try tables.statement("DELETE FROM \(held) WHERE stream = ?1")
        decision = try tables.statement("SELECT decision FROM \(quarantine) WHERE position = ?1 AND decision IS NOT NULL")
        deleteQuarantined = try tables.statement("DELETE FROM \(quarantine) WHERE position = ?1")
        lastReceived = try tables.statement(
            "SELECT received_at FROM \(message) WHERE application = ?1 AND facility = ?2 ORDER BY position DESC LIMIT 1"
        )
        deleteSender = try tables.statement("DELETE FROM \(tables["feed_sender"]) WHERE application = ?1 AND facility = ?2")
    }

    /// - Parameter counts: holds nothing back when this begins.
    func erase(_ stream: StreamID, _ counts: FeedCounts) throws {
        try messages.bind(1, stream)
        let erased = try messages.rows { row in
            Message(
                position: row.int64(0),
                sender: .init(application: row.string(1), facility: row.string(2)),
                outcome: row.string(3),
                warnings: row.string(4).split(separator: " ").map(String.init)
            )
        }
        for message in erased {
            counts.count(message.sender, outcome: message.outcome, by: -1)
            for code in message.warnings { counts.count(message.sender, warning: code, by: -1) }
            // It waits itself, or its repair does.
            for look in [orphan, decision] {
                look.bind(1, message.position)
                if let id = try look.first({ $0.bytes(0) }) { try deleteOrphan(id) }
            }
            deleteQuarantined.bind(1, message.position)
            try deleteQuarantined.run()
        }
        try deleteMessages.bind(1, stream)
        try deleteMessages.run()
        try deleteHeldInStream.bind(1, stream)
        try deleteHeldInStream.run()
        try counts.flush()
        for sender in Set(erased.map(\.sender)) { try recall(sender, counts) }
    }

    /// What it waited for was said in another stream, and stands there: without the message it is not shown.
    private func deleteOrphan(_ id: [UInt8]) throws {
        deleteOrphan.bind(1, id)
        try deleteOrphan.run()
    }

    /// A sender of whom nothing is left is not known; of another, the last message is the last one left.
    private func recall(_ sender: FeedCounts.Sender, _ counts: FeedCounts) throws {
        lastReceived.bind(1, sender.application)
        lastReceived.bind(2, sender.facility)
        if let milliseconds = try lastReceived.first({ $0.int64(0) }) {
            counts.received(from: sender, at: milliseconds)
            try counts.flush()
        } else {
            deleteSender.bind(1, sender.application)
            deleteSender.bind(2, sender.facility)
            try deleteSender.run()
        }
    }
}
