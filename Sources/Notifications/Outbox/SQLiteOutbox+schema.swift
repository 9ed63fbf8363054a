import GRDB

extension SQLiteOutbox {
    /// What is awaited an answer of.
    static let isUnanswered = "told_at IS NOT NULL AND ended IS NULL AND answer_by IS NOT NULL AND reminders < 2"

    /// A message `m` that was cancelled, and that somebody may have got before.
    static let isDoubtful = "m.state = 'cancelled' AND m.attempted = 1"

    /// `templates` of a closing are names with spaces between and around them, nothing for all of them; `message` of a news is the id of the
    /// message that tells it; `at` of a message is the instant of its state, `attempted` whether
    /// a channel may have it.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("notifications-1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE notification_news(
                        id INTEGER PRIMARY KEY, event TEXT NOT NULL, recipient TEXT NOT NULL, template TEXT NOT NULL, subject TEXT NOT NULL,
                        position INTEGER NOT NULL, recorded_at INTEGER NOT NULL, occurred_at INTEGER NOT NULL, urgency TEXT NOT NULL,
                        pathway TEXT, follow_up TEXT, answer_by INTEGER, asks INTEGER NOT NULL, named INTEGER NOT NULL,
                        message TEXT, told_at INTEGER, reminders INTEGER NOT NULL DEFAULT 0, ended TEXT,
                        UNIQUE(event, recipient, template, subject)) STRICT;
                    CREATE INDEX notification_news_waiting ON notification_news(recipient, urgency, position) WHERE message IS NULL AND ended IS NULL;
                    CREATE INDEX notification_news_unanswered ON notification_news(recipient, position) WHERE \(isUnanswered);
                    CREATE INDEX notification_news_of_pathway ON notification_news(pathway, follow_up) WHERE ended IS NULL;
                    CREATE TABLE notification_message(
                        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL, urgency TEXT NOT NULL,
                        reminder INTEGER NOT NULL, made_at INTEGER NOT NULL, position INTEGER NOT NULL, state TEXT NOT NULL, at INTEGER,
                        taken_by TEXT, receipt TEXT, reason TEXT, channel TEXT, attempts INTEGER NOT NULL, since INTEGER, tried TEXT NOT NULL,
                        attempted INTEGER NOT NULL, handed_over_at INTEGER, changed_at INTEGER NOT NULL) STRICT;
                    CREATE INDEX notification_message_of_recipient ON notification_message(recipient, number);
                    CREATE INDEX notification_message_open ON notification_message(recipient, number)
                        WHERE state IN ('waiting', 'handed-over', 'failed');
                    CREATE INDEX notification_message_parked ON notification_message(at, number) WHERE state = 'parked';
                    CREATE INDEX notification_message_routine ON notification_message(recipient, handed_over_at)
                        WHERE urgency = 'routine' AND handed_over_at IS NOT NULL;
                    CREATE TABLE notification_item(
                        number INTEGER NOT NULL, ordinal INTEGER NOT NULL, news INTEGER NOT NULL, PRIMARY KEY(number, ordinal)) STRICT, WITHOUT ROWID;
                    CREATE INDEX notification_item_of_news ON notification_item(news);
                    CREATE TABLE notification_look(recipient TEXT PRIMARY KEY, due INTEGER, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE INDEX notification_look_due ON notification_look(due, recipient) WHERE due IS NOT NULL;
                    CREATE TABLE notification_closing(
                        id INTEGER PRIMARY KEY, pathway TEXT NOT NULL, position INTEGER NOT NULL, templates TEXT NOT NULL,
                        recorded_at INTEGER NOT NULL, fate TEXT NOT NULL, UNIQUE(pathway, position, templates)) STRICT;
                    CREATE TABLE notification_outbox(name TEXT NOT NULL) STRICT;
                    INSERT INTO notification_outbox(name) VALUES (lower(hex(randomblob(8))));
                    """
            )
        }
        migrator.registerMigration("notifications-2") { database in
            try database.execute(
                sql: """
                    CREATE INDEX notification_message_doubtful ON notification_message(recipient, number) WHERE state = 'cancelled' AND attempted = 1;
                    """
            )
        }
        // With all that is counted of those that wait, so that counting them reads no row.
        migrator.registerMigration("notifications-3") { database in
            try database.execute(
                sql: """
                    DROP INDEX notification_news_waiting;
                    CREATE INDEX notification_news_waiting ON notification_news(recipient, urgency, position, recorded_at, message, ended)
                        WHERE message IS NULL AND ended IS NULL;
                    DROP INDEX notification_news_unanswered;
                    CREATE INDEX notification_news_unanswered ON notification_news(recipient, position, told_at, answer_by, reminders, ended)
                        WHERE \(isUnanswered);
                    """
            )
        }
        return migrator
    }
}
