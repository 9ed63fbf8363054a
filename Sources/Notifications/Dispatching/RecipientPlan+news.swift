import Pathways
import Timekeeping

/// When news become a message.
extension RecipientPlan {
    func urgentNews() -> DispatchStep.Next {
        let waiting = box.waiting.filter { $0.news.urgency == .urgent }
        return waiting.isEmpty ? .rest(until: nil) : tell(waiting, as: .urgent)
    }

    func routineNews(_ quiet: QuietTimes) -> DispatchStep.Next {
        let waiting = box.waiting.filter { $0.news.urgency == .routine }
        if waiting.isEmpty { return .rest(until: nil) }
        let muted = waiting.filter { !$0.news.asks && recipient.mutes($0.news.key.template) }
        if !muted.isEmpty { return .step(.end(muted.map(\.news.key), as: .muted)) }
        let isOverBudget = box.recentRoutine.count { $0 > now.adding(hours: -24) } >= rules.dailyBudget
        var free: [OutboxNews] = []
        var until: Instant?
        for item in waiting {
            let morning = isOverBudget && !item.news.asks ? morning(after: item.recordedAt, quiet) : nil
            if let morning, morning > now {
                until = Self.earlier(until, morning)
            } else if let end = quiet.end(of: item.news, at: now) {
                until = Self.earlier(until, end)
            } else {
                free.append(item)
            }
        }
        guard let first = free.map(\.recordedAt).min() else { return .rest(until: until) }
        let merged = first.adding(minutes: rules.mergeMinutes)
        // What was recorded long after now was so before the clock was set back.
        if merged > now, first <= now.adding(minutes: rules.mergeMinutes) { return .rest(until: Self.earlier(until, merged)) }
        return tell(free, as: .routine)
    }

    /// One message of all of them, without those that take back what was never heard.
    private func tell(_ items: [OutboxNews], as urgency: News.Urgency) -> DispatchStep.Next {
        let told = items.filter { recipient.wasTold($0.news.key) }
        // An old outbox was put back: under the ids of new messages nobody could tell that it was told before.
        if !told.isEmpty { return .step(.end(told.map(\.news.key), as: .toldBefore)) }
        let unheard = items.filter { !isHeard($0.news) }
        if !unheard.isEmpty { return .step(.end(unheard.map(\.news.key), as: .notHeard)) }
        return .step(.form(message(of: Array(items.prefix(max(1, rules.itemsPerMessage))), urgency: urgency, reminder: 0)))
    }

    /// Whether the person knows what the news takes for known: the log says that it was told, or a message on its way tells it. Or may know: a
    /// channel may have told it.
    private func isHeard(_ news: News) -> Bool {
        let presupposed = table.presupposed(by: news.key.template)
        guard !presupposed.isEmpty, let pathway = news.pathway else { return true }
        if recipient.wasTold(of: pathway, followUp: news.followUp, as: presupposed) { return true }
        func tells(_ item: News) -> Bool {
            item.pathway == pathway && presupposed.contains(item.key.template) && (news.followUp == nil || item.followUp == news.followUp)
        }
        if box.doubtful.contains(where: tells) { return true }
        return box.messages.contains { message in
            if case .failed = message.delivery.state { return false }
            return message.items.contains(where: tells)
        }
    }

    private func message(of items: [OutboxNews], urgency: News.Urgency, reminder: Int) -> OutboxMessage {
        OutboxMessage(
            recipient: box.recipient,
            urgency: urgency,
            reminder: reminder,
            madeAt: now,
            position: items.map(\.position).max() ?? 0,
            items: items.map(\.news),
            delivery: Delivery(.waiting(until: now))
        )
    }

    /// When the first morning after an instant begins: at the end of quiet hours.
    private func morning(after instant: Instant, _ quiet: QuietTimes) -> Instant? {
        guard instant <= now.adding(minutes: rules.mergeMinutes) else { return nil }
        let minute = quiet.hours.flatMap { $0.from != $0.to ? $0.to : nil } ?? DispatchRules.morning
        // Hours that last all day but for the minute in which it begins.
        let rest = QuietHours(from: (minute + 1) % 1_440, to: minute)
        return rest.end(at: instant, in: quiet.timeZone) ?? rest.end(at: instant.adding(minutes: 1), in: quiet.timeZone)
    }

    // MARK: - Reminders

    func reminders(_ quiet: QuietTimes) -> DispatchStep.Next {
        var due: [OutboxNews] = []
        var until = box.remindersAfter
        for item in box.unanswered {
            guard let at = reminder(of: item) else { continue }
            if at > now {
                until = Self.earlier(until, at)
            } else {
                due.append(item)
            }
        }
        if due.isEmpty { return .rest(until: until) }
        if let end = quiet.end(at: now) {
            let isInTime = due.contains { item in item.news.answerBy.map { $0 > end } ?? false }
            return .rest(until: isInTime ? Self.earlier(until, end) : until)
        }
        let number = due.map { $0.reminders + 1 }.max() ?? 1
        let urgency: News.Urgency = due.contains { $0.news.urgency == .urgent } ? .urgent : .routine
        return .step(.form(message(of: due, urgency: urgency, reminder: number)))
    }

    /// When its next reminder is due; nil if there is none.
    private func reminder(of item: OutboxNews) -> Instant? {
        guard let at = item.reminderAt, let toldAt = item.toldAt, let answerBy = item.news.answerBy, answerBy > now,
            answerBy.milliseconds(since: toldAt) >= rules.shortestToRemind * 60_000
        else { return nil }
        // The first reminder came late, after a night: it was the second one too.
        if item.reminders == 1, let last = recipient.lastHandOver(of: item.news.key), last >= at { return nil }
        return at
    }
}
