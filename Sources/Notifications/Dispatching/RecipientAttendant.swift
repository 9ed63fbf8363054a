import EventStore
import Logging
import NotificationChannels
import Pathways
import Timekeeping

/// Sees to one person after another: takes the steps of their plan until nothing is left to be done now.
struct RecipientAttendant: Sendable {
    enum Ending: Hashable, Sendable {
        /// Nothing to be done before then.
        case rested(until: Instant?)
        /// To be looked at again now.
        case again
        /// Not even the outbox could be used: for nobody, that is.
        case failed(word: String)
    }

    /// Five messages or so: a visit is never so long that it looks stuck. Whoever is not through then is looked at again.
    private static let mostSteps = 10
    /// Milliseconds until somebody is looked at again with whom something went wrong.
    private static let pauseAfterTrouble: Int64 = 15_000
    /// However far away what somebody waits for is, they are looked at once before.
    private static let daysToLook: Int64 = OutboxCounts.daysToLook - 1

    let outbox: any Outbox
    let ledger: any Ledger
    let renderer: any MessageRenderer
    let book: ChannelBook
    let table: NewsTable
    let gate: DestinationGate
    let crew: DispatchCrew
    let figures: DispatchFigures
    let surroundings: FollowerRunner.Surroundings
    let rules: DispatchRules
    let share: any DispatchShare
    let logger: Logger
    /// Has people looked at now.
    let call: @Sendable ([String]) -> Void

    /// - Parameter lanes: urgent alone: beside somebody who sees to the rest.
    func attend(_ rpps: String, lanes: Set<Lane> = Set(Lane.allCases)) async -> Ending {
        let isBeside = !lanes.contains(.routine)
        defer { if isBeside { crew.endOvertaking(rpps) } }
        guard share.enter(rpps) else { return .rested(until: nil) }
        defer { share.leave(rpps) }
        var visit = RecipientVisit()
        do {
            for _ in 0..<Self.mostSteps {
                if Task.isCancelled { return .again }
                // Somebody else goes on.
                guard share.holds(rpps) else { return .rested(until: nil) }
                let now = surroundings.time.now()
                let outlook = try outlook(for: rpps, lanes, &visit, at: now)
                switch outlook.next {
                case .rest(let until):
                    if isBeside { return .again }
                    let look = visit.postponed.values.reduce(until) { RecipientPlan.earlier($0, $1.until) }
                        .map { min($0, now.adding(days: Self.daysToLook)) }
                    try outbox.setLook(look, for: rpps, asOf: outlook.box.revision)
                    for (lane, postponed) in visit.postponed where postponed.destination != nil {
                        guard let destination = postponed.destination else { continue }
                        call(gate.wait(rpps, for: destination, isUrgent: lane == .urgent))
                    }
                    return .rested(until: look)
                case .step(let step):
                    visit.note(step, of: outlook.box)
                    // Somebody sees to their urgent ones: who is through last has both looked at.
                    if try await take(step, outlook, &visit) { return .again }
                }
            }
            return .again
        } catch {
            return trouble(error, with: rpps)
        }
    }

    /// What comes next, and what it is done with. What they were told is not kept in it: whoever records the next fact would have to copy years
    /// of it.
    private struct Outlook {
        let next: DispatchStep.Next
        let box: RecipientBox
        let territory: TerritoryState
        let channels: [ChannelAddress]
    }

    private func outlook(for rpps: String, _ lanes: Set<Lane>, _ visit: inout RecipientVisit, at now: Instant) throws -> Outlook {
        let box = try visit.foreseen ?? outbox.box(of: rpps, at: now, isWhole: false)
        visit.foreseen = nil
        let known = try visit.known ?? ledger.recipient(rpps)
        visit.known = known
        let plan = plan(box, known, at: now)
        return Outlook(
            next: plan.next(in: lanes.subtracting(visit.postponed.keys)),
            box: box,
            territory: known.territory,
            channels: plan.channels
        )
    }

    func plan(_ box: RecipientBox, _ known: (recipient: Recipient, territory: TerritoryState), at now: Instant) -> RecipientPlan {
        RecipientPlan(
            box: box,
            recipient: known.recipient,
            territory: known.territory,
            table: table,
            available: book.kinds,
            now: now,
            rules: rules
        )
    }

    /// - Returns: whether to leave the rest to somebody else.
    private func take(_ step: DispatchStep, _ outlook: Outlook, _ visit: inout RecipientVisit) async throws -> Bool {
        switch step {
        case .end(let keys, let fate): try await end(keys, as: fate, outlook.box)
        case .form(let message):
            try outbox.form(message)
            // Nothing but this message is next. What ended or came in since is seen when its attempt begins, or by the revision.
            visit.foreseen = outlook.box.after(step)
        case .save(let delivery, var message):
            guard let kept = try outbox.save(delivery, of: message.id) else { return false }
            message.delivery = kept
            if case .cancelled = kept.state { await share.close(message) } else { await tell(message) }
        case .record(let message):
            try await settle(message, outlook.territory, &visit)
        case .attempt(var message, let channel):
            let course = DeliveryCourse(channels: outlook.channels, urgency: message.urgency, rules: rules)
            let (kept, isOvertaken) = try await attempt(message, via: channel, course, &visit)
            if isOvertaken { return true }
            guard let kept, !Task.isCancelled else { return false }
            message.delivery = kept
            switch kept.state {
            case .waiting: await tell(message)
            case .cancelled: await share.close(message)
            case .handedOver, .failed, .settled, .parked: break
            }
            try await settle(message, outlook.territory, &visit)
        }
        return false
    }

    /// That it is not told is decided for good: what would be decided later, by what was told since, may be another thing. So whoever takes
    /// over knows of it, by a message that is cancelled.
    private func end(_ keys: [NewsKey], as fate: NewsFate, _ box: RecipientBox) async throws {
        let ended = box.waiting.filter { keys.contains($0.news.key) }
        if let first = ended.first {
            let now = surroundings.time.now()
            let decision = OutboxMessage(
                recipient: box.recipient,
                urgency: first.news.urgency,
                reminder: 0,
                madeAt: now,
                position: ended.map(\.position).max() ?? first.position,
                items: ended.map(\.news),
                delivery: Delivery(.cancelled(fate))
            )
            try await share.announce(decision)
        }
        try outbox.end(keys, as: fate)
    }

    /// Has it recorded if it came to an end.
    private func settle(_ message: OutboxMessage, _ territory: TerritoryState, _ visit: inout RecipientVisit) async throws {
        switch message.delivery.state {
        case .handedOver, .failed:
            visit.known = nil
            do {
                try await parking(message) { try await record(message, territory) }
            } catch let error as SharingTrouble {
                // Whoever takes over records it, instead of telling it again.
                await share.remember(message)
                throw error
            }
        case .waiting, .settled, .cancelled, .parked: return
        }
    }

    /// Makes known how far it got after an attempt; who cannot be told repeats it under its id.
    private func tell(_ message: OutboxMessage) async {
        do {
            try await share.announce(message)
        } catch {
            logger.debug("what became of an attempt could not be made known", metadata: ["message": "\(message.id)"])
        }
    }

    // MARK: - Trouble

    /// Parks the message if what goes wrong with it will go wrong for ever.
    ///
    /// - Returns: whether it was parked.
    @discardableResult
    func parking(_ message: OutboxMessage, _ body: () async throws -> Void) async throws -> Bool {
        do {
            try await body()
            return false
        } catch let error where !DispatchTrouble.passes(error) {
            let word = DispatchTrouble.word(of: error)
            var parked = message.delivery
            parked.state = .parked(problem: word, since: surroundings.time.now())
            try outbox.save(parked, of: message.id)
            figures.parked()
            logger.error("a message cannot be told or recorded and is parked", metadata: ["message": "\(message.id)", "problem": "\(word)"])
            return true
        }
    }

    /// Somebody else may be seen to all the same.
    private func trouble(_ error: any Error, with rpps: String) -> Ending {
        let word = DispatchTrouble.word(of: error)
        figures.troubled()
        logger.warning("a person is looked at again later", metadata: ["problem": "\(word)"])
        do {
            let now = surroundings.time.now()
            let until = now.adding(milliseconds: Self.pauseAfterTrouble + Int64(surroundings.random() % UInt64(Self.pauseAfterTrouble)))
            try outbox.setLook(until, for: rpps, asOf: try outbox.box(of: rpps, at: now).revision)
            return .rested(until: until)
        } catch {
            return .failed(word: DispatchTrouble.word(of: error))
        }
    }
}
