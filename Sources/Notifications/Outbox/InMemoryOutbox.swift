public import Pathways
import Synchronization
public import Timekeeping

/// An outbox that ends with the process: for tests, and for trying things out.
public final class InMemoryOutbox: Outbox {
    private let contents = Mutex(OutboxContents())

    public init() {}

    // MARK: - From the log

    public func take(_ intake: NewsIntake) { contents.withLock { $0.take(intake) } }

    // MARK: - One recipient after another

    public func due(at instant: Instant, limit: Int, where isMeant: (String) -> Bool) -> [String] {
        contents.withLock { contents in
            let due = contents.looks.compactMap { recipient, look in look.due.map { (due: $0, recipient: recipient) } }
            return due.filter { $0.due <= instant && isMeant($0.recipient) }
                .sorted { ($0.due, $0.recipient) < ($1.due, $1.recipient) }
                .prefix(max(0, limit))
                .map(\.recipient)
        }
    }

    public func nextLook(where isMeant: (String) -> Bool) -> Instant? {
        contents.withLock { $0.looks.compactMap { recipient, look in isMeant(recipient) ? look.due : nil }.min() }
    }

    public func box(of recipient: String, at instant: Instant) -> RecipientBox { box(of: recipient, at: instant, isWhole: true) }

    public func box(of recipient: String, at instant: Instant, isWhole: Bool) -> RecipientBox {
        contents.withLock { contents in
            let open = (contents.openKeys[recipient] ?? []).compactMap { contents.news[$0] }
                .sorted { ($0.position, $0.news.key) < ($1.position, $1.news.key) }
            let kept = (contents.numbersOfRecipient[recipient] ?? []).compactMap { contents.kept[$0] }
            let dayBefore = instant.adding(hours: -24)
            let box = RecipientBox(
                recipient: recipient,
                revision: contents.looks[recipient]?.revision ?? 0,
                waiting: News.Urgency.allCases.flatMap { urgency in
                    open.filter { $0.isWaiting && $0.news.urgency == urgency }.prefix(RecipientBox.waitingLimit)
                }.sorted { ($0.position, $0.news.key) < ($1.position, $1.news.key) },
                messages: kept.filter(\.isOpen).map(\.message),
                unanswered: open.filter { $0.isUnanswered(at: instant) },
                recentRoutine: kept.filter { $0.message.urgency == .routine }.compactMap(\.handedOverAt).filter { $0 > dayBefore }.sorted(),
                ended: Dictionary(
                    kept.filter(\.isOpen).flatMap(\.message.items).compactMap { item in contents.news[item.key]?.ended.map { (item.key, $0) } },
                    uniquingKeysWith: { first, _ in first }
                ),
                doubtful: kept.filter(\.isDoubtful).flatMap(\.message.items)
            )
            return isWhole ? box : box.forNextStep(at: instant)
        }
    }

    public func setLook(_ at: Instant?, for recipient: String, asOf revision: Int64) {
        contents.withLock { contents in
            guard (contents.looks[recipient]?.revision ?? 0) == revision else { return }
            contents.looks[recipient, default: .init()].due = at
        }
    }

    public func look(at recipient: String, now: Instant) { contents.withLock { $0.touch(recipient, at: now) } }

    public func lookAtAll(from now: Instant) { contents.withLock { $0.lookAtAll(from: now) } }

    // MARK: - Messages

    public func form(_ message: OutboxMessage) { contents.withLock { $0.form(message) } }

    @discardableResult
    public func save(_ delivery: Delivery, of message: String) -> Delivery? {
        contents.withLock { contents in
            contents.save(delivery, of: message)
            return contents.numbers[message].flatMap { contents.kept[$0] }?.message.delivery
        }
    }

    public func end(_ keys: [NewsKey], as fate: NewsFate) { contents.withLock { $0.end(keys, as: fate, at: nil) } }

    public func disband(where isMeant: (String) -> Bool) { contents.withLock { $0.disband(where: isMeant) } }

    public func news(_ keys: [NewsKey]) -> [OutboxNews] { contents.withLock { contents in keys.compactMap { contents.news[$0] } } }

    public func message(_ id: String) -> OutboxMessage? {
        contents.withLock { contents in contents.numbers[id].flatMap { contents.kept[$0] }?.message }
    }

    public func messages(for recipient: String, after cursor: Int64, limit: Int) -> [(number: Int64, message: OutboxMessage)] {
        contents.withLock { contents in
            (contents.numbersOfRecipient[recipient] ?? []).filter { $0 > cursor }
                .prefix(max(0, limit))
                .compactMap { contents.kept[$0] }
                .map { ($0.number, $0.message) }
        }
    }

    // MARK: - Operators

    public func parked() -> [OutboxMessage] {
        contents.withLock { contents in
            contents.kept.values.compactMap { kept in
                if case .parked(_, let since) = kept.message.delivery.state { (since: since, kept: kept) } else { nil }
            }
            .sorted { ($0.since, $0.kept.number) < ($1.since, $1.kept.number) }
            .map(\.kept.message)
        }
    }

    public func retry(_ message: String, at instant: Instant) -> Bool { contents.withLock { $0.retry(message, at: instant) } }

    // MARK: - Reconciling

    public func missing(_ keys: [NewsKey]) -> [NewsKey] { contents.withLock { contents in keys.filter { contents.news[$0] == nil } } }

    public func counts(at instant: Instant) -> OutboxCounts { counts(at: instant) { _ in true } }

    public func counts(at instant: Instant, of isMeant: (String) -> Bool) -> OutboxCounts {
        contents.withLock { contents in
            var counts = OutboxCounts()
            var oldest: [Instant] = []
            let latest = instant.adding(days: OutboxCounts.daysToLook)
            func isStranded(_ recipient: String) -> Bool { contents.looks[recipient]?.due.map { $0 > latest } ?? true }
            counts.parked = Int64(contents.kept.values.count { if case .parked = $0.message.delivery.state { true } else { false } })
            for kept in contents.kept.values where isMeant(kept.message.recipient) {
                switch kept.message.delivery.state {
                case .waiting:
                    counts.pending += 1
                    oldest.append(kept.message.delivery.since ?? kept.message.madeAt)
                case .handedOver, .failed: counts.unrecorded += 1
                case .parked, .settled, .cancelled: break
                }
                if kept.isOpen, isStranded(kept.message.recipient) { counts.stranded += 1 }
            }
            for item in contents.openKeys.values.joined().compactMap({ contents.news[$0] }) where isMeant(item.news.key.recipient) {
                if item.isWaiting {
                    counts.waiting += 1
                    oldest.append(item.recordedAt)
                }
                if item.isWaiting || item.isOwedReminder(at: instant), isStranded(item.news.key.recipient) { counts.stranded += 1 }
            }
            counts.oldest = oldest.min()
            return counts
        }
    }

    public func prune(before instant: Instant) { contents.withLock { $0.prune(before: instant) } }
}
