import Coordination
import EventStore
import GRDB
import Pathways
import TestSupport
import Testing
import Timekeeping

@testable import Notifications

/// What is true of an outbox in a file alone.
struct SQLiteOutboxTests {
    private let directory: TemporaryDirectory
    private var path: String { "\(directory.path)/reactors.sqlite" }

    init() throws { directory = try TemporaryDirectory() }

    @Test func givenAFileWhenItIsOpenedAgainThenAllIsThere() throws {
        let news = [Sample.news("e1", answerBy: Sample.at(minutes: 600)), Sample.news("e2"), Sample.news("e3")]
        let message = Sample.message([news[0], news[1]])
        do {
            let outbox = try SQLiteOutbox(store: SQLiteReactorStore(path: path))
            for (index, item) in news.enumerated() { try outbox.take(Sample.intake(Int64(index) + 1, [item])) }
            try outbox.form(message)
            try outbox.save(Sample.handedOver(at: 11), of: message.id)
        }
        let outbox = try SQLiteOutbox(store: SQLiteReactorStore(path: path))
        let box = try outbox.box(of: Sample.nurse, at: Sample.at(minutes: 12))
        #expect(box.waiting.map(\.news) == [news[2]])
        #expect(box.unanswered.map(\.news) == [news[0]])
        var kept = message
        kept.delivery = Sample.handedOver(at: 11)
        #expect(box.messages == [kept])
    }

    @Test func givenAnOlderFileWhenItIsOpenedForReadingThenItReadsAsEmpty() throws {
        _ = try SQLiteReactorStore(path: path)
        let outbox = try SQLiteOutbox(store: SQLiteReactorStore(readingOnly: path))
        #expect(try outbox.counts(at: Sample.start) == OutboxCounts())
        #expect(try outbox.parked().isEmpty)
    }

    @Test func givenAFileInUseWhenItIsOpenedForReadingThenItShowsWhatIsThere() throws {
        let written = try SQLiteOutbox(store: SQLiteReactorStore(path: path))
        try written.take(Sample.intake(1, [Sample.news("e1")]))
        let read = try SQLiteOutbox(store: SQLiteReactorStore(readingOnly: path))
        #expect(try read.counts(at: Sample.start).waiting == 1)
    }

    @Test func givenTwoStoresOfOneFileWhenTheOtherOpensItAfterwardsThenBothWork() throws {
        let outbox = try SQLiteOutbox(store: SQLiteReactorStore(path: path))
        try outbox.take(Sample.intake(1, [Sample.news("e1")]))
        let store = try SQLiteReactorStore(path: path)
        #expect(try store.checkpoint(of: "notifier") == .start)
        #expect(try SQLiteOutbox(store: store).counts(at: Sample.start).waiting == 1)
    }

    /// What each look and each attempt asks of the file, whatever is in it.
    @Test(arguments: [
        "SELECT recipient FROM notification_look WHERE due IS NOT NULL AND due <= 5 ORDER BY due, recipient",
        "SELECT due FROM notification_look WHERE due IS NOT NULL ORDER BY due LIMIT 1",
        "SELECT * FROM notification_news n WHERE recipient = 'r' AND message IS NULL AND ended IS NULL AND urgency = 'urgent' ORDER BY position LIMIT 64",
        """
        SELECT * FROM notification_news n WHERE recipient = 'r' AND told_at IS NOT NULL AND ended IS NULL AND answer_by IS NOT NULL
            AND reminders < 2 ORDER BY position
        """,
        """
        SELECT * FROM notification_message m JOIN notification_item i ON i.number = m.number JOIN notification_news n ON n.id = i.news
            WHERE m.recipient = 'r' AND m.state IN ('waiting', 'handed-over', 'failed') ORDER BY m.number, i.ordinal
        """,
        """
        SELECT handed_over_at FROM notification_message WHERE recipient = 'r' AND urgency = 'routine' AND handed_over_at > 5
            ORDER BY handed_over_at
        """,
        """
        SELECT n.event FROM notification_message m JOIN notification_item i ON i.number = m.number JOIN notification_news n ON n.id = i.news
            WHERE m.recipient = 'r' AND m.state = 'cancelled' AND m.attempted = 1 ORDER BY m.number, i.ordinal
        """,
        "UPDATE notification_look SET due = 5, revision = revision + 1 WHERE due > 5",
        "SELECT id FROM notification_news WHERE pathway = 'p' AND ended IS NULL AND position < 5 ORDER BY id",
        """
        SELECT m.number FROM notification_item i JOIN notification_message m ON m.number = i.number
            WHERE i.news = 5 AND m.attempted = 0 AND m.state IN ('waiting', 'parked')
        """,
        "SELECT id FROM notification_news WHERE event = 'e' AND recipient = 'r' AND template = 't' AND subject = ''",
        "SELECT number FROM notification_message WHERE id = 'm'",
    ])
    func givenAnEmptyFileWhenAStatementIsPlannedThenItScansNoTable(_ sql: String) throws {
        let store = try SQLiteReactorStore(path: path)
        _ = try SQLiteOutbox(store: store)
        let plan = try store.database.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String } }
        let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("USING COVERING INDEX notification_look_due") }
        #expect(scans.isEmpty && !plan.isEmpty, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") } || sql.contains("ORDER BY id"), "\(plan)")
    }

    /// What is counted goes through an index of what is open, and sorts nothing; only of messages, of which few are open, are the rows read.
    @Test(arguments: [
        (SQLiteOutbox.waitingByRecipient, true), (SQLiteOutbox.owedByRecipient, true), (SQLiteOutbox.openByRecipient, false),
    ])
    func givenAnEmptyFileWhenCountingIsPlannedThenItGoesThroughWhatIsOpenAlone(_ sql: String, isCovered: Bool) throws {
        let store = try SQLiteReactorStore(path: path)
        _ = try SQLiteOutbox(store: store)
        let arguments: StatementArguments = sql == SQLiteOutbox.owedByRecipient ? [1, 1] : []
        let plan = try store.database.read {
            try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments).map { $0["detail"] as String }
        }
        let isOfIndex = plan.contains { $0.contains(isCovered ? "USING COVERING INDEX" : "USING INDEX") }
        #expect(isOfIndex && !plan.contains { isCovered && $0.contains("TEMP B-TREE") }, "\(plan)")
    }
}
