import EventStore
import Logging
import Pathways
import Timekeeping

extension Dispatcher {
    /// Looks at everybody who is due, and again at whom something came in for since.
    func rehearse() async {
        var seen: [String: Int64] = [:]
        while !Task.isCancelled {
            let now = surroundings.time.now()
            do {
                var round: Set<String> = []
                while !Task.isCancelled {
                    let due = try outbox.due(at: now, limit: options.page) { !round.contains($0) && share.holds($0) }
                    round.formUnion(due)
                    for recipient in due { try rehearse(recipient, at: now, &seen) }
                    signOfLife(at: surroundings.time.now())
                    if due.count < options.page { break }
                }
                seen = seen.filter { round.contains($0.key) }
            } catch {
                note(DispatchTrouble.word(of: error), 1)
            }
            await idle(Self.idlePause)
        }
    }

    private func rehearse(_ recipient: String, at now: Instant, _ seen: inout [String: Int64]) throws {
        let box = try outbox.box(of: recipient, at: now)
        guard seen[recipient] != box.revision else { return }
        seen[recipient] = box.revision
        for act in try attendant.rehearse(box, at: now) { logger.notice("would \(act)") }
    }
}

extension RecipientAttendant {
    /// What would be done for somebody now, in words without a name: by the same plan and the same texts, each attempt taken for a success.
    func rehearse(_ box: RecipientBox, at now: Instant) throws -> [String] {
        let known = try ledger.recipient(box.recipient)
        var box = box
        var acts: [String] = []
        for _ in 0..<1_000 {
            guard case .step(let step) = plan(box, known, at: now).next() else { break }
            acts.append(words(for: step))
            box = box.after(step)
        }
        return acts
    }

    private func words(for step: DispatchStep) -> String {
        switch step {
        case .end(let keys, let fate): return "not tell \(keys.count) news: \(fate.rawValue)"
        case .form(let message): return "form message \(message.id) of \(message.items.count) news, reminder \(message.reminder)"
        case .save(let delivery, let message): return "note of message \(message.id): \(delivery.state)"
        case .record(let message): return "record what became of message \(message.id)"
        case .attempt(let message, let channel):
            let what = "hand message \(message.id) to \(channel.kind.rawValue)"
            guard channel.kind != .inapp, book[channel.kind] != nil else { return what }
            do {
                return try renderer.render(message, for: channel.kind) == nil ? "cancel message \(message.id): erased" : what
            } catch {
                return "fail to \(what): \(DispatchTrouble.word(of: error))"
            }
        }
    }
}

extension RecipientBox {
    /// As it would be had a step been done, and every attempt been a success.
    func after(_ step: DispatchStep) -> RecipientBox {
        var waiting = waiting
        var messages = messages
        var unanswered = unanswered
        var recent = recentRoutine
        switch step {
        case .end(let keys, _):
            waiting.removeAll { keys.contains($0.news.key) }
            unanswered.removeAll { keys.contains($0.news.key) }
        case .form(let message):
            let keys = Set(message.items.map(\.key))
            if message.reminder == 0 { waiting.removeAll { keys.contains($0.news.key) } } else { unanswered.removeAll { keys.contains($0.news.key) } }
            messages.append(message)
        case .attempt(let message, _):
            messages.removeAll { $0.id == message.id }
            if message.urgency == .routine { recent.append(message.madeAt) }
        case .record(let message): messages.removeAll { $0.id == message.id }
        case .save(let delivery, let message):
            guard let index = messages.firstIndex(where: { $0.id == message.id }) else { break }
            messages[index].delivery = delivery
            if case .cancelled = delivery.state { messages.remove(at: index) }
        }
        return RecipientBox(
            recipient: recipient,
            revision: revision,
            waiting: waiting,
            messages: messages,
            unanswered: unanswered,
            remindersAfter: remindersAfter,
            recentRoutine: recent,
            ended: ended,
            doubtful: doubtful
        )
    }
}
