import EventStore
import Pathways
import Timekeeping

/// A ledger that is being read at one position: what was read once for several lines is kept.
final class LedgerReading {
    struct Message {
        let number: Int64
        let id: String
        let rpps: String
    }

    struct Item {
        let pathway: StreamID?
        let told: ToldItem

        /// - Parameter column: the first of `pathway`, `event`, `template`, `follow_up`.
        init(_ row: ViewStatement, _ column: Int32) throws {
            pathway = try row.stream(column)
            told = ToldItem(
                event: row.string(column + 1),
                template: row.string(column + 2),
                pathway: pathway?.hex,
                followUp: row.optionalString(column + 3)
            )
        }
    }

    /// Whose acts in which pathway.
    private struct Part: Hashable {
        let pathway: StreamID
        let rpps: String
    }

    let position: Int64
    private let connection: ViewConnection
    private let directory: DirectoryReader
    /// Names are left out while the directory is being built.
    private let hasNames: Bool
    private var names: [String: String?] = [:]
    private var acts: [Part: [LedgerAct]] = [:]

    /// - Throws: `ViewError.behind` if the view has not reached `position`.
    init(_ connection: ViewConnection, asOf position: Int64?, _ directory: DirectoryReader) throws {
        self.connection = connection
        self.directory = directory
        self.position = try connection.position(of: NotificationsProjection.name, asOf: position)
        do {
            _ = try connection.position(of: DirectoryProjection.name)
            hasNames = true
        } catch ViewError.beingBuilt {
            hasNames = false
        }
    }

    func line(_ message: Message, _ item: Item) throws -> ToldLine {
        let facts = try facts(of: message, item.told)
        let events = try facts.map { try $0.fact.event }
        guard let record = MessageRecord(message.id, folding: events) else {
            throw ViewError.damaged(table: "notifications_message")
        }
        return ToldLine(
            recipient: try person(message.rpps),
            item: item.told,
            message: record,
            position: message.number,
            told: try record.undeliverable?.told.map(person),
            acted: try acted(message, item, facts)
        )
    }

    // MARK: - Facts

    /// `?1` number of the message, `?2` position.
    static let facts = """
        SELECT position, \(LedgerFact.columns) FROM notifications_fact WHERE message = ?1 AND position <= ?2 ORDER BY position
        """

    private func facts(of message: Message, _ item: ToldItem) throws -> [(position: Int64, fact: LedgerFact)] {
        let look = try connection.statement(Self.facts)
        look.bind(1, message.number)
        look.bind(2, position)
        return try look.rows { row in
            (row.int64(0), try LedgerFact(row, 1, recipient: message.rpps, message: message.id, items: [item]))
        }
    }

    // MARK: - What they did

    /// `?1` pathway, `?2` RPPS, `?3` position.
    static let acts = """
        SELECT kind, follow_ups, at, at_offset, position, recorded_at FROM notifications_act
        WHERE pathway = ?1 AND rpps = ?2 AND position <= ?3 ORDER BY position
        """

    private func acted(_ message: Message, _ item: Item, _ facts: [(position: Int64, fact: LedgerFact)]) throws -> LedgerAct? {
        guard let pathway = item.pathway else { return nil }
        // A channel took it, or they saw it without one.
        let told = facts.filter { $0.fact.kind == .handedOver || $0.fact.kind == .opened }
            .map { (at: $0.fact.at.millisecondsSinceEpoch, position: $0.position) }
        guard let first = told.min(by: { $0 < $1 }) else { return nil }
        return try acts(of: Part(pathway: pathway, rpps: message.rpps)).first { act in
            // The fact may be recorded some time after it happened; of one instant, the order of the log counts.
            guard (act.recordedAt, act.position) > (first.at, first.position) else { return false }
            guard let followUp = item.told.followUp, !act.followUps.isEmpty else { return true }
            return act.followUps.contains(followUp)
        }
    }

    private func acts(of part: Part) throws -> [LedgerAct] {
        if let known = acts[part] { return known }
        let look = try connection.statement(Self.acts)
        try look.bind(1, part.pathway)
        look.bind(2, part.rpps)
        look.bind(3, position)
        let found = try look.rows { row in
            guard let kind = LedgerAct.Kind(rawValue: row.string(0)) else { throw ViewError.damaged(table: "notifications_act") }
            return LedgerAct(
                kind: kind,
                followUps: row.string(1).split(separator: " ").map(String.init),
                at: row.instant(2),
                position: row.int64(4),
                recordedAt: row.int64(5)
            )
        }
        acts[part] = found
        return found
    }

    // MARK: - People

    private func person(_ rpps: String) throws -> ToDoItem.Person {
        if let known = names[rpps] { return ToDoItem.Person(rpps: rpps, name: known) }
        let name = hasNames ? try directory.name(of: rpps, connection, position) : nil
        names.updateValue(name, forKey: rpps)
        return ToDoItem.Person(rpps: rpps, name: name)
    }
}
