import Notifications
import Pathways

/// One person's feed, read piece by piece.
struct NewsFeedReader: Sendable {
    struct Page: Sendable {
        let entries: [NewsFeedEntry]
        /// Where to go on, whether there were entries or not.
        let next: NewsFeedCursor
        /// Whether there may be more at once.
        let isFull: Bool
    }

    /// Pieces that are read for one page: those that hold nothing to tell are passed over.
    private static let piecesPerPage = 5

    let notifications: NotificationServices
    let rpps: String

    /// What stands after a cursor. One of another outbox begins anew: receivers recognise what they have by its keys.
    ///
    /// A message that was cancelled before anything was attempted with it was told nobody, and is left out.
    func page(after cursor: NewsFeedCursor, limit: Int) throws -> Page {
        var number = cursor.outbox == notifications.outbox ? cursor.number : 0
        var entries: [NewsFeedEntry] = []
        var isFull = false
        for _ in 0..<Self.piecesPerPage {
            let wanted = limit - entries.count
            let found = try notifications.messages(rpps, number, wanted)
            entries += found.filter { !$0.message.isCancelled }.map { entry($0.number, $0.message) }
            number = found.last?.number ?? number
            isFull = found.count >= wanted
            if !isFull || entries.count >= limit { break }
        }
        return Page(entries: entries, next: self.cursor(number), isFull: isFull)
    }

    private func entry(_ number: Int64, _ message: OutboxMessage) -> NewsFeedEntry {
        NewsFeedEntry(message, cursor: cursor(number), key: notifications.key)
    }

    private func cursor(_ number: Int64) -> NewsFeedCursor { NewsFeedCursor(outbox: notifications.outbox, number: number) }
}

extension OutboxMessage {
    fileprivate var isCancelled: Bool {
        if case .cancelled = delivery.state { true } else { false }
    }
}
