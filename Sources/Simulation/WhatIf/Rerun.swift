import Coordination
import EventStore
import Pathways
import Timekeeping

/// One run of a period: the planner, the deadline scheduler and the desks of the product over a log that branches off from history, with what
/// came from outside at the instants of history, and people who answer as they did, or as people like them did.
final class Rerun {
    private enum Step {
        case fact(Int)
        case act(Deed, Asked, Answer)
        case plan(RecordedEvent)
        case look
    }

    private let stage: Stage
    private let chance: UInt64
    private let clock: VirtualClock
    private let log: BranchLog
    private let coordinator: Coordinator
    private let followUps: FollowUpDesk
    private let reactor: PlannerReactor
    private let scheduler: DeadlineScheduler
    private let deadlines: LaggingDeadlines
    private let changed: String?
    private var agenda = Agenda<Step>()
    private var watch: FollowUpWatch
    private var observed: Int64
    private var lookAt: Instant?
    /// How often a question was asked, without its instant: the same draw for the same question, whatever else became different.
    private var askedBefore: [Question: UInt64] = [:]

    /// - Parameters:
    ///   - seed: of the draw; the same for both protocols.
    ///   - changed: id of the protocol that is published at the beginning of the period in place of what history has; nil for history's own.
    init(_ stage: Stage, seed: UInt64, changed: String?) {
        self.stage = stage
        self.changed = changed
        chance = seed
        clock = VirtualClock(stage.begin)
        log = BranchLog(stage.history, upTo: stage.fork, time: clock.source, onlyListens: false)
        let ids = SharedChance(SplitMix64(state: seed))
        coordinator = Coordinator(
            log: log,
            sealer: OpenedSealer(),
            streams: stage.history.streams,
            time: clock.source,
            ids: EventIDGenerator(time: clock.source) { ids.next() }
        )
        coordinator.loader.remember(stage.published, of: stage.history.streams.territory)
        followUps = FollowUpDesk(coordinator: coordinator)
        deadlines = LaggingDeadlines(met: stage.pace.met, usualLag: stage.pace.deadlineLag)
        let planner = FollowUpPlanner(coordinator: coordinator)
        reactor = PlannerReactor(planner: planner, deadlines: deadlines)
        scheduler = DeadlineScheduler(planner: planner, deadlines: deadlines, parking: InMemoryReactorStore(), time: clock.source)
        watch = stage.facts.before
        observed = stage.fork
    }

    /// - Returns: what came of the period.
    /// - Throws: `CoordinationError`, `EventStoreError`.
    func run() async throws -> WhatIfOutcome {
        for timer in stage.timers { deadlines.set(timer.due, for: timer.stream, asOf: timer.version) }
        if changed != nil {
            try await append([stage.publication])
            coordinator.loader.remember(stage.publishedAfter, of: stage.history.streams.territory)
        }
        for asked in stage.facts.pending { answer(asked) }
        for index in stage.facts.facts.indices { agenda.note(.fact(index), at: stage.facts.facts[index].at) }
        try observe(after: nil)
        while let (at, step) = agenda.takeNext(), at < stage.end {
            clock.advance(to: at)
            try await perform(step)
        }
        return WhatIfOutcome(figures: watch.figures, late: watch.late(at: stage.end))
    }

    private func perform(_ step: Step) async throws {
        switch step {
        case .fact(let index):
            try await tell(stage.facts.facts[index])
            try observe(after: nil)
        case .act(let deed, let asked, let answer):
            guard watch.isOpen(asked.question) || asked.question.kind == .offer else { return }
            try await perform(deed, on: asked.question.followUp, in: asked.pathway)
            try observe(after: answer.plannerLag)
        case .plan(let event):
            let context = EffectContext(reactor: PlannerReactor.name, cause: event.id, attempt: 1, now: clock.now)
            // A pathway that the planner cannot work on would be parked: it stays as it is.
            do { try await reactor.react(to: event, in: context) } catch is PermanentProblem {}
            try observe(after: nil)
        case .look:
            lookAt = nil
            while try await scheduler.fireDue() > 0 {}
            try observe(after: nil)
        }
    }

    // MARK: - What comes from outside

    private func tell(_ fact: PeriodFacts.Fact) async throws {
        switch fact.kind {
        case .recorded(let positions): try await append(try positions.compactMap(told))
        case .deed(let deed, let followUp, let pathway): try await perform(deed, on: followUp, in: pathway)
        case .homeReturn(let body, let pathway): try await decide(.confirmHomeReturn(body), on: pathway, by: body.by)
        case .closing(let body, let pathway):
            if let by = body.by { try await decide(.close(body.reason, by: by, at: body.at), on: pathway, by: by) }
        }
    }

    /// As history has it; nil for a publication that the changed protocol stands in for.
    private func told(_ position: Int64) throws -> (StreamID, NewEvent)? {
        let event = stage.history[position]
        var payload = event.payload
        if case .protocolPublished(let body) = stage.history.says[Int(position) - 1], body.protocolID == changed { return nil }
        if case .followUpsWithdrawn(let body) = stage.history.pathwayEvent(at: position) {
            // Only what is pending here too: it may be done by now.
            let pending = body.withdrawals.filter { watch.subjects[$0.followUp]?.status.isPending ?? false }
            if pending.isEmpty { return nil }
            payload = FollowUpsWithdrawn(withdrawals: pending).payload
        }
        return (
            event.stream,
            NewEvent(
                id: event.id,
                type: event.type,
                source: event.source,
                time: event.time,
                actor: event.actor,
                causation: event.causation,
                correlation: event.correlation,
                payload: payload
            )
        )
    }

    private func append(_ events: [(StreamID, NewEvent)]) async throws {
        var writes: [StreamWrite] = []
        for (stream, event) in events {
            if let index = writes.firstIndex(where: { $0.stream == stream }) {
                writes[index].events.append(event)
            } else {
                writes.append(StreamWrite(stream: stream, expected: .any, events: [event]))
            }
        }
        if !writes.isEmpty { _ = try await log.append(AppendRequest(writes: writes)) }
    }

    // MARK: - What people do

    private func decide(_ command: PathwayCommand, on pathway: StreamID, by: Attribution) async throws {
        let author = Author(source: by.urn, actor: by.urn, occurredAt: clock.now)
        do {
            _ = try await coordinator.perform(nil) { work in
                try work.decide(command, on: pathway, by: author)
                return []
            }
        } catch is Rejection {
            // What people wanted of another story may have no sense in this one.
        }
    }

    private func perform(_ deed: Deed, on followUp: String, in pathway: StreamID) async throws {
        guard let subject = watch.subjects[followUp], subject.status.isPending, subject.status != .onHold else { return }
        let action: FollowUpDesk.Action
        switch deed.kind {
        case .accept: action = deed.team.map { .claim(team: $0) } ?? .accept
        case .decline(let reason):
            if subject.owner == deed.by { return }
            action = deed.team.map { .declineForTeam($0, reason) } ?? .decline(reason)
        case .giveBack(let reason):
            guard subject.owner == deed.by else { return }
            action = .decline(reason)
        case .complete(let outcome, let reportedAfter): action = .complete(at: clock.now.adding(milliseconds: -reportedAfter), outcome, note: nil)
        case .askAgain: action = .solicitAgain
        }
        do {
            let caller = try Caller(urn: deed.by, in: try coordinator.loader.territory(coordinator.streams.territory).state)
            _ = try await followUps.perform(action, on: followUp, in: pathway, by: caller, key: nil)
        } catch is Rejection {
            // Too slow, as people are.
        } catch is CallerError {
            // Has left the directory.
        }
    }

    // MARK: - What follows

    /// Reads what the log has gained: whoever is asked will answer, the planner will react, timers will ring.
    ///
    /// - Parameter lag: milliseconds until the planner reacts; nil = as in history, or as usual.
    private func observe(after lag: Int64?) throws {
        var asked: [Asked] = []
        var last: [StreamID: RecordedEvent] = [:]
        var order: [StreamID] = []
        var reaction: [StreamID: Instant] = [:]
        var hasCompletions = false
        for event in try log.read(after: observed, limit: .max) {
            observed = event.position
            if case .pathway(let own)? = try DomainEvent(type: event.type, payload: event.payload) {
                // Of signs, only what is asked matters here; a derived completion counts as any other.
                for sign in watch.take(own, in: event.stream, at: event.recordedAt, isDerived: false) {
                    if case .asked(let one) = sign { asked.append(one) }
                }
                if case .followUpCompleted = own { hasCompletions = true }
            }
            guard reactor.concerns(event) else { continue }
            if last[event.stream] == nil { order.append(event.stream) }
            // One look serves all that one step recorded in a stream; of a patient's events the widest.
            last[event.stream] = reactor.coalesce([last[event.stream], event].compactMap(\.self)).last
            if let at = stage.pace.reactions[event.id] { reaction[event.stream] = at }
        }
        for one in asked where !hasCompletions || watch.isOpen(one.question) { answer(one) }
        for stream in order {
            guard let event = last[stream] else { continue }
            let at = reaction[stream] ?? clock.now.adding(milliseconds: lag ?? stage.pace.reactionLag)
            agenda.note(.plan(event), at: max(clock.now, at))
        }
        guard let next = deadlines.next() else { return }
        let rings = max(next, clock.now)
        if let lookAt, lookAt <= rings { return }
        lookAt = rings
        agenda.note(.look, at: rings)
    }

    /// Notes what somebody will do: what they did when they were asked the same in history, else what somebody like them did.
    private func answer(_ asked: Asked) {
        let kin = Question(kind: asked.question.kind, followUp: asked.question.followUp, who: asked.question.who, at: 0)
        let times = askedBefore[kin, default: 0]
        askedBefore[kin] = times + 1
        let found = stage.facts.book[asked.question]
        // Nobody knows what comes after the end of the log, and the period ends before.
        if let found, found.answer == nil, found.endsWithLog { return }
        var random = SplitMix64(state: Self.seed(chance, kin, times))
        let isRecorded = found?.answer != nil
        guard let answer = found?.answer ?? stage.facts.book.draw(for: asked, laterThan: found?.waited, using: &random),
            let deed = isRecorded ? answer.deed : own(answer.deed, asked, &random)
        else { return }
        agenda.note(.act(deed, asked, answer), at: max(clock.now, asked.base.adding(milliseconds: answer.delay)))
    }

    /// The deed of somebody like them, as theirs; nil if nobody is there to do it.
    private func own(_ deed: Deed, _ asked: Asked, _ random: inout SplitMix64) -> Deed? {
        var own = deed
        own.team = nil
        let territory = try? coordinator.loader.territory(coordinator.streams.territory).state.territory
        switch asked.question.kind {
        case .nobodyLeft:
            guard let referent = territory?.referent.rpps.value else { return nil }
            own.by = referent
        case .work, .notice: own.by = asked.question.who
        case .offer:
            guard case .team(let id) = Addressee(rawValue: asked.question.who) else {
                own.by = asked.question.who
                break
            }
            let members = territory?.teams.first { $0.id == id }?.members.map(\.value) ?? []
            own.team = id
            if !members.contains(own.by) {
                guard let member = random.pick(members) else { return nil }
                own.by = member
            }
        }
        return own
    }

    /// FNV-1a: a draw of its own for each question, the same on any machine.
    private static func seed(_ chance: UInt64, _ question: Question, _ times: UInt64) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(chance)/\(question.kind.rawValue)/\(question.followUp)/\(question.who)/\(times)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }
}

/// What came of a period, in one run.
struct WhatIfOutcome: Sendable {
    let figures: WhatIfFigures
    /// Ids of follow-ups.
    let late: Set<String>
}
