/// The statements of the hot paths, in one place so that a test can ask SQLite how it runs each.
enum Queries {
    static let begin = "BEGIN IMMEDIATE"
    static let commit = "COMMIT"

    // MARK: Appending

    static let streamHead = """
        SELECT id, (SELECT max(version) FROM event WHERE stream = stream.id) FROM stream WHERE name = ?1
        """
    static let insertStream = "INSERT INTO stream(id, name) VALUES (?1, ?2)"
    static let insertEvent = """
        INSERT INTO event(position, id, stream, version, type, source, occurred_at, occurred_offset, recorded_at,
            actor, causation, correlation, key_id, attachment_hash, leaf_hash, payload)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """
    static let insertAttachment = "INSERT INTO attachment(position, bytes) VALUES (?1, ?2)"
    static let insertCommand = """
        INSERT INTO command(number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key,
            repeats, reuses, row_hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (digest) DO NOTHING
        """
    static let countAgain = "UPDATE command SET repeats = ?2, reuses = ?3, row_hash = ?4 WHERE digest = ?1"
    static let commandsByAge = """
        SELECT number, lasting, row_hash FROM command WHERE number > ?1 AND recorded_at < ?2 ORDER BY number LIMIT ?3
        """
    static let forgetCommand = "DELETE FROM command WHERE number = ?1"
    static let moveHead = """
        UPDATE head SET position = ?1, tree_size = ?1, root_hash = ?2, frontier = ?3, command_count = ?5, command_sum = ?6, row_hash = ?7,
            epoch = ?8
        WHERE one = 1 AND epoch = ?4
        """

    // MARK: Opening

    static let raiseEpoch = "UPDATE head SET epoch = ?1 WHERE one = 1"
    static let hashHead = "UPDATE head SET row_hash = ?1 WHERE one = 1"
    static let head = "SELECT position, root_hash, epoch, frontier FROM head WHERE one = 1"
    static let commandTally = "SELECT command_count, command_sum FROM head WHERE one = 1"
    static let lastRecordedAt = "SELECT recorded_at FROM event WHERE position = ?1"
    static let leafHashesThrough = "SELECT leaf_hash FROM event WHERE position > ?1 AND position <= ?2 ORDER BY position"
    static let lastStream = "SELECT max(id) FROM stream"
    static let lastCommand = "SELECT max(number) FROM command"

    // MARK: Reading

    private static let eventColumns = """
        position, id, stream, version, type, source, occurred_at, occurred_offset, recorded_at,
        actor, causation, correlation, key_id, attachment_hash, leaf_hash, payload
        """
    static let page = """
        SELECT \(eventColumns) FROM event WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3
        """
    static let leafHashes = "SELECT position, leaf_hash FROM event WHERE position > ?1 ORDER BY position LIMIT ?2"
    static let streamPage = """
        SELECT \(eventColumns) FROM event
        WHERE stream = (SELECT id FROM stream WHERE name = ?1) AND version >= ?2 ORDER BY version LIMIT ?3
        """
    static let streamName = "SELECT name FROM stream WHERE id = ?1"
    static let attachment = "SELECT bytes FROM attachment WHERE position = ?1"
    static let command = """
        SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key, repeats, reuses
        FROM command WHERE digest = ?1
        """
    static let commandHash = "SELECT row_hash FROM command WHERE number = ?1"
    static let repeats = "SELECT total(repeats) FROM command WHERE scope = ?1 AND repeats > 0"
    static let reuses = "SELECT total(reuses) FROM command WHERE scope = ?1 AND reuses > 0"

    // MARK: Replicating

    static let attachmentPage = "SELECT position, bytes FROM attachment WHERE position > ?1 AND position <= ?2 ORDER BY position"
    static let commandPage = """
        SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key, repeats, reuses
        FROM command WHERE number > ?1 ORDER BY number LIMIT ?2
        """
    static let idsThrough = "SELECT position, id, leaf_hash FROM event WHERE position > ?1 AND position <= ?2 ORDER BY position"
    /// Only a log that is, or was, a replica has the table.
    static let setReplicaOffset = """
        INSERT INTO replica_offset(topic, partition, next, row_hash) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next, row_hash = excluded.row_hash
        """

    // MARK: Checking keys

    static let keysOfEvents = """
        SELECT position, position, key_id FROM event WHERE position > ?1 AND position <= ?2 AND key_id IS NOT NULL ORDER BY position LIMIT ?3
        """
    static let keysOfAnswers = """
        SELECT number, position, answer_key FROM command
        WHERE number > ?1 AND number <= ?2 AND answer_key IS NOT NULL ORDER BY number LIMIT ?3
        """
    static let positionsOfType = "SELECT position FROM event WHERE type = ?1 AND position > ?2 AND position <= ?3 ORDER BY position"

    /// Those that run per append or per page, and must not walk a table.
    static let hot = [
        streamHead, insertStream, insertEvent, insertAttachment, insertCommand, countAgain, commandHash, commandsByAge, forgetCommand, moveHead,
        head, lastRecordedAt, leafHashesThrough, lastStream, lastCommand, page, leafHashes, streamPage, streamName, attachment, command,
        repeats, reuses, attachmentPage, commandPage, idsThrough,
    ]
}
