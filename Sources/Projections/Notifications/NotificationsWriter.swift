import EventStore
import Pathways
import Timekeeping

/// Folds what recipients' streams say of messages, and what people do in pathways, into the ledger.
final class NotificationsWriter: ProjectionWriter {
    private struct MessageKey: Hashable {
        let recipient: StreamID
        let id: String
    }

    private let streams: StreamNumbers
    private let insertPathway: ViewStatement
    private let pathway: ViewStatement
    private let insertMessage: ViewStatement
    private let message: ViewStatement
    private let insertItem: ViewStatement
    private let insertFact: ViewStatement
    private let insertAct: ViewStatement
    private let erasures: [ViewStatement]
    /// Pathways that have their row. The last one is asked for again most often: a decision is several events.
    private var known = RecentCache<StreamID, Bool>(capacity: 8_192)
    private var last: StreamID?
    private var numbers = RecentCache<MessageKey, Int64>(capacity: 2_048)

    init(_ tables: ViewTables) throws {
        let (pathways, messages, items) = (tables["notifications_pathway"], tables["notifications_message"], tables["notifications_item"])
        let (facts, acts) = (tables["notifications_fact"], tables["notifications_act"])
        streams = tables.connection.streams
        insertPathway = try tables.statement("INSERT INTO \(pathways)(stream) VALUES (?1) ON CONFLICT DO NOTHING")
        pathway = try tables.statement("SELECT 1 FROM \(pathways) WHERE stream = ?1")
        insertMessage = try tables.statement("INSERT INTO \(messages)(number, recipient, id, rpps) VALUES (?1, ?2, ?3, ?4)")
        message = try tables.statement("SELECT number FROM \(messages) WHERE recipient = ?1 AND id = ?2")
        insertItem = try tables.statement(
            "INSERT INTO \(items)(message, place, pathway, event, template, follow_up) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        )
        insertFact = try tables.statement(
            """
            INSERT INTO \(facts)(message, position, \(LedgerFact.columns))
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """
        )
        insertAct = try tables.statement(
            """
            INSERT INTO \(acts)(position, pathway, rpps, kind, follow_ups, at, at_offset, recorded_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
        )
        let ofRecipient = "message IN (SELECT number FROM \(messages) WHERE recipient = ?1)"
        erasures = try [
            "DELETE FROM \(pathways) WHERE stream = ?1",
            "DELETE FROM \(items) WHERE pathway = ?1",
            "DELETE FROM \(acts) WHERE pathway = ?1",
            "DELETE FROM \(items) WHERE \(ofRecipient)",
            "DELETE FROM \(facts) WHERE \(ofRecipient)",
            "DELETE FROM \(messages) WHERE recipient = ?1",
        ].map { try tables.statement($0) }
    }

    func forget() {
        known.removeAll()
        last = nil
        numbers.removeAll()
    }

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .pathway(let event):
            try know(opened.stream)
            if let act = event.act { try add(act.kind, by: act.by, of: act.followUps, event, opened) }
        case .messageHandedOver(let body): try add(LedgerFact(body), opened)
        case .messageDelivered(let body): try add(LedgerFact(body), opened)
        case .messageOpened(let body): try add(LedgerFact(body), opened)
        case .messageBounced(let body): try add(LedgerFact(body), opened)
        case .messageUndeliverable(let body): try add(LedgerFact(body), opened)
        // How people want to be told is no telling.
        case .channelsSet, .patientIdentified, .identityCorrected, .oppositionRecorded, .oppositionLifted, .visitRegistered, .dossierMoved,
            .patientsMerged, .mergeUndone, .messageReceived, .messageRepaired, .messageDiscarded, .commandKeyReused, .territoryPublished,
            .protocolPublished, .siteProfilePublished, .streamErased, .patientErased, .parkingDiscarded, .consentRecorded,
            .consentWithdrawn, .absenceDeclared, .absenceEnded:
            break
        }
    }

    func erase(_ stream: StreamID) throws {
        for statement in erasures {
            try statement.bind(1, stream)
            try statement.run()
        }
        forget()
    }

    // MARK: - Pathways

    private func know(_ stream: StreamID) throws {
        if stream == last { return }
        last = stream
        if known.value(for: stream) != nil { return }
        try insertPathway.bind(1, stream)
        try insertPathway.run()
        known.put(true, for: stream)
    }

    private func isKnown(_ stream: StreamID) throws -> Bool {
        if known.value(for: stream) != nil { return true }
        // Asked so that what was erased is given no number.
        guard try streams.isKnown(stream) else { return false }
        try pathway.bind(1, stream)
        return try pathway.first { _ in true } == true
    }

    private func add(_ kind: LedgerAct.Kind, by: Attribution, of followUps: [String], _ event: PathwayEvent, _ opened: OpenedEvent) throws {
        insertAct.bind(1, opened.position)
        try insertAct.bind(2, opened.stream)
        insertAct.bind(3, by.rpps)
        insertAct.bind(4, kind.rawValue)
        insertAct.bind(5, followUps.isEmpty ? nil : followUps.joined(separator: " "))
        insertAct.bind(6, event.occurredAt ?? opened.recorded.time)
        insertAct.bind(8, opened.recorded.recordedAt.millisecondsSinceEpoch)
        try insertAct.run()
    }

    // MARK: - Messages

    private func add(_ fact: LedgerFact, _ opened: OpenedEvent) throws {
        let key = MessageKey(recipient: opened.stream, id: fact.message)
        // What became of a message that nothing is known of tells nobody of anything.
        guard let number = try number(of: key) ?? begin(key, fact, at: opened.position) else { return }
        insertFact.bind(1, number)
        insertFact.bind(2, opened.position)
        fact.bind(to: insertFact, from: 3)
        try insertFact.run()
    }

    private func number(of key: MessageKey) throws -> Int64? {
        if let number = numbers.value(for: key) { return number }
        try message.bind(1, key.recipient)
        message.bind(2, key.id)
        guard let number = try message.first({ $0.int64(0) }) else { return nil }
        numbers.put(number, for: key)
        return number
    }

    /// What the first fact of a message says that it tells is what it tells: an id stands for it.
    private func begin(_ key: MessageKey, _ fact: LedgerFact, at position: Int64) throws -> Int64? {
        if fact.items.isEmpty { return nil }
        let items = try fact.items.map { item in (item, try Self.stream(of: item)) }
        insertMessage.bind(1, position)
        try insertMessage.bind(2, key.recipient)
        insertMessage.bind(3, key.id)
        insertMessage.bind(4, fact.recipient)
        try insertMessage.run()
        for (place, (item, stream)) in items.enumerated() {
            if let stream, try !isKnown(stream) { continue }
            insertItem.bind(1, position)
            insertItem.bind(2, place)
            try insertItem.bind(3, stream)
            insertItem.bind(4, item.event)
            insertItem.bind(5, item.template)
            insertItem.bind(6, item.followUp)
            try insertItem.run()
        }
        numbers.put(position, for: key)
        return position
    }

    private static func stream(of item: ToldItem) throws -> StreamID? {
        guard let pathway = item.pathway else { return nil }
        guard let stream = StreamID(hex: pathway) else { throw UnreadableEvent(problem: "names a pathway that is no stream id") }
        return stream
    }
}
