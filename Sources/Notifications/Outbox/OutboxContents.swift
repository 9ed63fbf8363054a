import Pathways
import Timekeeping

/// What is in an outbox that lives in memory: the rules of ``Outbox`` in their plainest form, which the one in SQLite is held against.
struct OutboxContents {
    struct Kept {
        let number: Int64
        var message: OutboxMessage
        var handedOverAt: Instant?
        var changedAt: Instant

        var isOpen: Bool {
            switch message.delivery.state {
            case .waiting, .handedOver, .failed: true
            case .settled, .cancelled, .parked: false
            }
        }

        /// Cancelled, and somebody may have got it before.
        var isDoubtful: Bool {
            if case .cancelled = message.delivery.state { message.delivery.mayBeOut } else { false }
        }

        var isDone: Bool {
            switch message.delivery.state {
            case .settled, .cancelled: true
            case .waiting, .handedOver, .failed, .parked: false
            }
        }
    }

    struct Look {
        var due: Instant?
        var revision: Int64 = 0
    }

    /// What ended of a pathway with one event, for everybody.
    struct Closing {
        let position: Int64
        let recordedAt: Instant
        let ending: NewsEnding
    }

    var news: [NewsKey: OutboxNews] = [:]
    var keysOfPathway: [String: Set<NewsKey>] = [:]
    /// Of each recipient, the news that wait, and those that an answer is awaited of.
    var openKeys: [String: Set<NewsKey>] = [:]
    var kept: [Int64: Kept] = [:]
    var numbers: [String: Int64] = [:]
    var numbersOfRecipient: [String: [Int64]] = [:]
    var looks: [String: Look] = [:]
    var closings: [String: [Closing]] = [:]
    var lastNumber: Int64 = 0

    // MARK: - News

    mutating func put(_ item: OutboxNews) {
        let key = item.news.key
        news[key] = item
        if let pathway = item.news.pathway { keysOfPathway[pathway, default: []].insert(key) }
        if item.isWaiting || item.isUnanswered {
            openKeys[key.recipient, default: []].insert(key)
        } else {
            openKeys[key.recipient]?.remove(key)
        }
    }

    mutating func forget(_ key: NewsKey) {
        if let pathway = news[key]?.news.pathway { keysOfPathway[pathway]?.remove(key) }
        openKeys[key.recipient]?.remove(key)
        news[key] = nil
    }

    mutating func take(_ intake: NewsIntake) {
        for ending in intake.endings {
            let keys = (keysOfPathway[ending.pathway] ?? []).filter { key in
                news[key].map { $0.position < intake.position && ending.ends($0.news) } ?? false
            }
            end(Array(keys), as: NewsFate(ending.reason), at: intake.dueAt)
            if ending.isOfWholePathway { close(ending, at: intake) }
        }
        for (item, fate) in intake.news where news[item.key] == nil {
            let fate = fate ?? closing(of: item, after: intake.position)
            put(OutboxNews(item, position: intake.position, recordedAt: intake.recordedAt, ended: fate))
            if fate == nil { touch(item.key.recipient, at: intake.dueAt) }
        }
    }

    /// An event of another stream may come later than it was recorded, and be about a pathway where it has ended since.
    private mutating func close(_ ending: NewsEnding, at intake: NewsIntake) {
        let known = closings[ending.pathway] ?? []
        guard !known.contains(where: { $0.position == intake.position && $0.ending.templates == ending.templates }) else { return }
        closings[ending.pathway] = known + [Closing(position: intake.position, recordedAt: intake.recordedAt, ending: ending)]
    }

    private func closing(of news: News, after position: Int64) -> NewsFate? {
        let later = news.pathway.flatMap { closings[$0] }?.filter { $0.position > position && $0.ending.ends(news) } ?? []
        // Of one event the first that was told: `min` takes the first of equals.
        return later.min { $0.position < $1.position }.map { NewsFate($0.ending.reason) }
    }

    mutating func end(_ keys: [NewsKey], as fate: NewsFate, at instant: Instant?) {
        var ended: Set<NewsKey> = []
        for key in keys {
            guard var item = news[key], item.ended == nil else { continue }
            item.ended = fate
            put(item)
            ended.insert(key)
        }
        for recipient in Set(ended.map(\.recipient)) {
            for number in numbersOfRecipient[recipient] ?? [] {
                guard let found = kept[number], found.message.delivery.isUntouched, found.message.items.contains(where: { ended.contains($0.key) })
                else { continue }
                cancel(number, as: fate, at: instant)
            }
        }
    }

    /// What is left in it waits again, for a message with an id of its own.
    private mutating func cancel(_ number: Int64, as fate: NewsFate, at instant: Instant?) {
        guard let message = kept[number]?.message else { return }
        kept[number]?.message.delivery = Delivery(.cancelled(fate))
        free(message, at: instant)
    }

    private mutating func free(_ message: OutboxMessage, at instant: Instant?) {
        for item in message.items {
            guard var left = news[item.key], left.ended == nil else { continue }
            if message.reminder > 0 {
                left.reminders = min(left.reminders, message.reminder - 1)
            } else if left.message == message.id {
                left.message = nil
            } else {
                continue
            }
            put(left)
            touch(message.recipient, at: instant ?? left.recordedAt)
        }
    }

    mutating func disband(where isMeant: (String) -> Bool) {
        for found in kept.values.filter({ isMeant($0.message.recipient) && $0.message.delivery.isUntouched }) {
            kept[found.number] = nil
            numbers[found.message.id] = nil
            numbersOfRecipient[found.message.recipient]?.removeAll { $0 == found.number }
            free(found.message, at: nil)
        }
    }

    // MARK: - Looks

    mutating func touch(_ recipient: String, at instant: Instant) {
        var look = looks[recipient] ?? Look()
        look.due = look.due.map { min($0, instant) } ?? instant
        look.revision += 1
        looks[recipient] = look
    }

    mutating func lookAtAll(from now: Instant) {
        for (recipient, look) in looks {
            guard let due = look.due, due > now else { continue }
            looks[recipient] = Look(due: now, revision: look.revision + 1)
        }
    }

    // MARK: - Messages

    mutating func form(_ message: OutboxMessage) {
        guard numbers[message.id] == nil else { return }
        lastNumber += 1
        kept[lastNumber] = Kept(number: lastNumber, message: message, changedAt: message.madeAt)
        numbers[message.id] = lastNumber
        numbersOfRecipient[message.recipient, default: []].append(lastNumber)
        bind(message)
        // Something may have ended since whoever forms it saw it.
        cancelIfEnded(lastNumber, at: message.madeAt)
    }

    /// What nobody has is not told any more once something of it has ended.
    private mutating func cancelIfEnded(_ number: Int64, at instant: Instant?) {
        guard let message = kept[number]?.message, message.delivery.isUntouched else { return }
        if let fate = message.items.compactMap({ news[$0.key]?.ended }).first { cancel(number, as: fate, at: instant) }
    }

    private mutating func bind(_ message: OutboxMessage) {
        for item in message.items {
            var found = news[item.key] ?? OutboxNews(item, position: message.position, recordedAt: message.madeAt)
            if message.reminder > 0 {
                found.reminders = max(found.reminders, message.reminder)
            } else if found.message == nil {
                found.message = message.id
            }
            put(found)
        }
    }

    mutating func save(_ delivery: Delivery, of id: String) {
        guard let number = numbers[id], var found = kept[number], let delivery = delivery.kept(after: found.message.delivery) else { return }
        found.message.delivery = delivery
        switch delivery.state {
        case .handedOver(_, _, let at):
            found.handedOverAt = at
            found.changedAt = max(found.changedAt, at)
        case .failed(_, let at), .parked(_, let at): found.changedAt = max(found.changedAt, at)
        case .waiting, .settled, .cancelled: break
        }
        kept[number] = found
        if case .cancelled(let fate) = delivery.state { return endItems(of: found.message, as: fate) }
        // What ended during the attempt may have cancelled it: what the channel was given counts all the same.
        bind(found.message)
        cancelIfEnded(number, at: nil)
        guard case .handedOver(_, _, let at) = delivery.state, found.message.reminder == 0 else { return }
        for item in found.message.items {
            guard var told = news[item.key], told.toldAt == nil, told.message == id else { continue }
            told.toldAt = at
            put(told)
        }
    }

    private mutating func endItems(of message: OutboxMessage, as fate: NewsFate) {
        for item in message.items {
            guard var left = news[item.key], left.ended == nil, message.reminder > 0 || (left.message == message.id && left.toldAt == nil) else {
                continue
            }
            left.ended = fate
            put(left)
        }
    }

    mutating func retry(_ id: String, at instant: Instant) -> Bool {
        guard let number = numbers[id], let found = kept[number], case .parked = found.message.delivery.state else { return false }
        kept[number]?.message.delivery = Delivery(.waiting(until: instant), mayBeOut: found.message.delivery.mayBeOut)
        touch(found.message.recipient, at: instant)
        cancelIfEnded(number, at: instant)
        return true
    }

    // MARK: - Forgetting

    mutating func prune(before instant: Instant) {
        for found in kept.values where found.isDone && found.changedAt < instant {
            kept[found.number] = nil
            numbers[found.message.id] = nil
            numbersOfRecipient[found.message.recipient]?.removeAll { $0 == found.number }
        }
        let held = Set(kept.values.flatMap { $0.message.items.map(\.key) })
        for (key, item) in news where item.recordedAt < instant && !item.isWaiting && !held.contains(key) {
            if item.isUnanswered, let answerBy = item.news.answerBy, answerBy >= instant { continue }
            forget(key)
        }
        for (pathway, all) in closings {
            let left = all.filter { $0.recordedAt >= instant }
            closings[pathway] = left.isEmpty ? nil : left
        }
    }
}
