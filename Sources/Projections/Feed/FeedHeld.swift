import EventStore
import Pathways
import Timekeeping

/// Orphans, and what each of them waits for.
final class FeedHeld {
    /// Which message an orphan is.
    struct Origin {
        let application: String
        let facility: String
        let controlID: String
        let trigger: String

        init(application: String, facility: String, controlID: String, trigger: String) {
            self.application = application
            self.facility = facility
            self.controlID = controlID
            self.trigger = trigger
        }

        init(_ facts: MessageFacts) {
            self.init(application: facts.application, facility: facts.facility, controlID: facts.controlID, trigger: facts.trigger)
        }
    }

    private let insertOrphan: ViewStatement
    private let insertHeld: ViewStatement
    private let release: ViewStatement
    private let releaseEverywhere: ViewStatement
    private let anyHeld: ViewStatement
    /// Whether anything waits at all; nil until looked up. Most feeds have no orphan, and most movements release none.
    private var someWait: Bool?

    init(_ tables: ViewTables) throws {
        let held = tables["feed_held"]
        insertOrphan = try tables.statement(
            """
            INSERT OR REPLACE INTO \(tables["feed_orphan"])(message, position, application, facility, control_id, trigger, received_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
        insertHeld = try tables.statement("INSERT OR IGNORE INTO \(held)(stream, parent, message) VALUES (?1, ?2, ?3)")
        release = try tables.statement("DELETE FROM \(held) WHERE stream = ?1 AND parent = ?2")
        releaseEverywhere = try tables.statement("DELETE FROM \(held) WHERE parent = ?1")
        anyHeld = try tables.statement("SELECT 1 FROM \(held) LIMIT 1")
    }

    func forget() {
        someWait = nil
    }

    /// A message that waits for its parent, or one that does once it was repaired.
    func addOrphan(_ recorded: RecordedEvent, _ origin: Origin) throws {
        insertOrphan.bind(1, recorded.id.bytes)
        insertOrphan.bind(2, recorded.position)
        insertOrphan.bind(3, origin.application)
        insertOrphan.bind(4, origin.facility)
        insertOrphan.bind(5, origin.controlID)
        insertOrphan.bind(6, origin.trigger)
        insertOrphan.bind(7, recorded.recordedAt.millisecondsSinceEpoch)
        try insertOrphan.run()
    }

    /// Notes what a message waits for. Its event is the cause of this one; what no orphan caused waits for nobody, and is not shown.
    func hold(_ parent: FeedParent, _ recorded: RecordedEvent) throws {
        guard let message = recorded.causation else { return }
        try insertHeld.bind(1, recorded.stream)
        insertHeld.bind(2, parent.text)
        insertHeld.bind(3, message.bytes)
        try insertHeld.run()
        someWait = true
    }

    func release(_ parent: FeedParent, in stream: StreamID) throws {
        guard try doSomeWait() else { return }
        try release.bind(1, stream)
        release.bind(2, parent.text)
        try release.run()
    }

    /// A file (NDA) is the hospital's, whichever patient a visit of it is registered with.
    func release(_ parent: FeedParent) throws {
        guard try doSomeWait() else { return }
        releaseEverywhere.bind(1, parent.text)
        try releaseEverywhere.run()
    }

    private func doSomeWait() throws -> Bool {
        if let someWait { return someWait }
        let found = try anyHeld.first { _ in true } ?? false
        someWait = found
        return found
    }
}
