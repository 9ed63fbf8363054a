public import Coordination
public import EventStore
public import Pathways
import Timekeeping

/// Walks the log behind the notifier, makes every event's news once more, and looks whether the outbox has heard of them: nobody is forgotten
/// without its being seen.
public struct Reconciler: Sendable {
    /// Events asked of the log at once.
    private static let page = 500

    /// What its checkpoint is kept under.
    public static let name = "notification-reconciler"

    /// What one look found.
    public struct Report: Hashable, Sendable {
        /// Up to where the log was gone through.
        public let position: Int64
        /// How many events were looked at that can be news.
        public let checked: Int
        /// News that the outbox had never heard of, and has now.
        public let repaired: Int
        /// News that it has not heard of all the same.
        public let missing: Int
        /// Of those whom this node tells; nil where it was not counted.
        public let counts: OutboxCounts?

        /// What nobody is going to tell, as far as was counted: must be 0.
        public var difference: Int64 { Int64(missing) + (counts?.stranded ?? 0) }
    }

    private let coordinator: Coordinator
    private let maker: NewsMaker
    private let outbox: any Outbox
    private let store: any ReactorStore
    private let tells: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - reader: of its own, since it is behind the notifier.
    ///   - tells: whether somebody (RPPS) is this node's to tell. What others decide not to tell waits here for ever, and is not counted.
    public init(
        coordinator: Coordinator,
        reader: HappeningReader,
        table: NewsTable,
        ledger: any Ledger,
        outbox: any Outbox,
        store: any ReactorStore,
        tells: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.coordinator = coordinator
        maker = NewsMaker(reader: reader, table: table, ledger: ledger)
        self.outbox = outbox
        self.store = store
        self.tells = tells
    }

    /// Goes on where it was, up to what the notifier has taken in.
    ///
    /// What is parked is for somebody else to look at; the events that they do without are passed over.
    ///
    /// - Parameters:
    ///   - limit: of the log's events, whatever they are.
    ///   - counting: whether to go through the outbox too, which takes the longer the more is in it, and holds up those who write to it.
    /// - Throws: `EventStoreError`, or what SQLite says: look again later.
    public func look(limit: Int, counting: Bool = true) async throws -> Report {
        let now = coordinator.time.now()
        let start = try store.checkpoint(of: Self.name).position
        // In this order: what was parked by then is seen.
        let end = try store.checkpoint(of: NotifierReactor.name).position
        let parked = try store.parkedSequences(of: NotifierReactor.name)
        var report = (position: start, checked: 0, repaired: 0, missing: 0)
        if start < end && limit > 0 {
            let discarded = Set(try store.discarded().filter { $0.item.reactor == NotifierReactor.name }.map(\.item.position))
            let page = try page(after: start, limit: limit, through: end) { event in
                maker.table.concerns(type: event.type) && !parked.contains(event.stream) && !discarded.contains(event.position)
            }
            report.position = page.last
            for event in page.events {
                report.checked += 1
                let (found, left) = try check(event, through: end, at: now)
                report.repaired += found - left
                report.missing += left
            }
            let checkpoint = FollowerCheckpoint(position: report.position, epoch: coordinator.log.epoch)
            _ = try store.save(checkpoint, of: Self.name, parking: [], knowing: try store.parkedSequences(of: Self.name))
        }
        return Report(
            position: report.position,
            checked: report.checked,
            repaired: report.repaired,
            missing: report.missing,
            counts: counting ? try outbox.counts(at: now, of: tells) : nil
        )
    }

    /// Events in the order of the log, but those of a stream together: what was said of a pathway before is then folded once for all of them,
    /// however little of it is remembered from one look to the next.
    ///
    /// - Returns: those that are meant, and the position of the last one that was looked at.
    private func page(
        after start: Int64,
        limit: Int,
        through end: Int64,
        where isMeant: (RecordedEvent) -> Bool
    ) throws -> (events: [RecordedEvent], last: Int64) {
        var last = start
        var left = limit
        var streams: [StreamID: Int] = [:]
        var events: [[RecordedEvent]] = []
        while left > 0, last < end {
            let found = try coordinator.log.read(after: last, limit: min(left, Self.page))
            for event in found where event.position <= end {
                last = event.position
                if !isMeant(event) { continue }
                if let place = streams[event.stream] {
                    events[place].append(event)
                } else {
                    streams[event.stream] = events.count
                    events.append([event])
                }
            }
            left -= found.count
            if found.count < Self.page { break }
        }
        return (events.flatMap(\.self), last)
    }

    /// - Returns: how many news of an event were missing, and how many are still.
    private func check(_ event: RecordedEvent, through end: Int64, at now: Instant) throws -> (found: Int, left: Int) {
        guard let intake = try readable({ try maker.intake(of: event, at: now) }) else { return (0, 0) }
        let keys = intake.news.map(\.news.key)
        let missing = keys.isEmpty ? [] : try outbox.missing(keys)
        if missing.isEmpty { return (0, 0) }
        let later = try endings(after: event, through: end, at: now)
        let news = intake.news.map { item in
            (item.news, item.fate ?? later.first { $0.ends(item.news) }.map { NewsFate($0.reason) })
        }
        let mended = NewsIntake(position: intake.position, recordedAt: intake.recordedAt, endings: intake.endings, news: news, now: now)
        try outbox.take(mended)
        return (missing.count, try outbox.missing(missing).count)
    }

    /// What later events of the same stream ended has been gone through: it does not come again.
    private func endings(after event: RecordedEvent, through end: Int64, at now: Instant) throws -> [NewsEnding] {
        let page = 100
        var endings: [NewsEnding] = []
        var version = event.version
        while true {
            let events = try coordinator.log.read(stream: event.stream, fromVersion: version + 1, limit: page)
            for event in events where event.position <= end {
                version = event.version
                if maker.table.concerns(type: event.type) { endings += try readable { try maker.intake(of: event, at: now) }?.endings ?? [] }
            }
            guard events.count == page, let last = events.last, last.position <= end else { return endings }
        }
    }

    /// Nil for what cannot be read: the notifier parked it, or somebody decided to do without it since.
    private func readable(_ body: () throws -> NewsIntake?) throws -> NewsIntake? {
        do { return try body() } catch CoordinationError.unreadable { return nil }
    }
}
