import Timekeeping

/// The statements of the append path, prepared once.
final class WriterStatements {
    let begin: Statement
    let commit: Statement
    let streamHead: Statement
    let insertStream: Statement
    let insertAttachment: Statement
    let command: Statement
    let insertCommand: Statement
    let countAgain: Statement
    let commandHash: Statement
    let moveHead: Statement
    private let insertEvent: Statement

    init(_ connection: Connection) throws {
        begin = try connection.prepare(Queries.begin)
        commit = try connection.prepare(Queries.commit)
        streamHead = try connection.prepare(Queries.streamHead)
        insertStream = try connection.prepare(Queries.insertStream)
        insertEvent = try connection.prepare(Queries.insertEvent)
        insertAttachment = try connection.prepare(Queries.insertAttachment)
        command = try connection.prepare(Queries.command)
        insertCommand = try connection.prepare(Queries.insertCommand)
        countAgain = try connection.prepare(Queries.countAgain)
        commandHash = try connection.prepare(Queries.commandHash)
        moveHead = try connection.prepare(Queries.moveHead)
    }

    /// Inserts an event's row. The envelope is taken from its entry, where it stands encoded already: what is stored
    /// is what was hashed.
    func insertEvent(_ event: PreparedAppend.Event, entry: LeafEntry, leafHash: Hash256, stream: Int64) throws {
        try entry.withFields { fields in
            try event.payload.withUnsafeBytes { payload in
                try leafHash.withBytes { leafHash in
                    insertEvent.bind(1, fields.position)
                    insertEvent.bind(2, lending: fields.id)
                    insertEvent.bind(3, stream)
                    insertEvent.bind(4, fields.version)
                    insertEvent.bindText(5, lending: fields.type)
                    insertEvent.bindText(6, lending: fields.source)
                    insertEvent.bind(7, event.envelope.time.millisecondsSinceEpoch)
                    insertEvent.bind(8, Int64(event.envelope.time.offsetMinutes))
                    insertEvent.bind(9, fields.recordedAt)
                    insertEvent.bindText(10, lending: fields.actor)
                    insertEvent.bind(11, lendingIfAny: fields.causation)
                    insertEvent.bind(12, lendingIfAny: fields.correlation)
                    insertEvent.bindText(13, lending: fields.keyID)
                    insertEvent.bind(14, lendingIfAny: fields.attachmentHash)
                    insertEvent.bind(15, lending: leafHash)
                    insertEvent.bind(16, lending: payload)
                    try insertEvent.run()
                }
            }
        }
    }
}
