import Coordination
import EventStore
import Pathways
import Timekeeping

/// The hospitals, the professionals, the coordinator and its machine, on one thread and under one clock.
///
/// Every change comes from a step of the agenda, in the order (instant, number); all chance comes from the seed. So a run can be told again,
/// event by event, from its options alone.
final class World {
    enum Step {
        /// What a new day brings is drawn.
        case dawn(day: Int)
        case say(HospitalModel.Saying)
        /// A message arrives, perhaps.
        case deliver(Int)
        case act(Act)
        /// The planner is handed a page.
        case plan
        /// The deadline scheduler looks.
        case look
        case fault(Fault)
        /// The process is started.
        case start

        /// Whether it only ends what was begun: all that still happens once the last day is over.
        var isSettling: Bool {
            switch self {
            case .deliver, .plan, .look, .start: true
            case .dawn, .say, .act, .fault: false
            }
        }
    }

    let clock: VirtualClock
    let end: Instant
    let durable: Node.Durable
    var node: Node
    var agenda = Agenda<Step>()
    var hospital: HospitalModel
    var staff: Staff
    var post: Post
    var faults: FaultModel
    var board = Board()
    var checker: Checker?
    let visitCheck: VisitCheck
    var tally = Tally()
    /// Index of the visit by its pathway.
    var visits: [StreamID: Int] = [:]
    /// Up to which the log was read.
    var observed: Int64 = 0
    var planScheduled = false
    var lookScheduled: Instant?
    var planningStoppedUntil: Instant
    var schedulerStoppedUntil: Instant
    /// The process stays dead until then.
    var downUntil: Instant
    var isSettling = false
    /// Pathways that changed since they were last compared with the hospital's book.
    var uncompared: Set<StreamID> = []

    init(
        _ options: SimulationOptions,
        territory: SyntheticTerritory,
        library: ProtocolLibrary,
        storage: SimulationStorage,
        clock: VirtualClock
    ) throws {
        self.clock = clock
        end = options.start.adding(days: Int64(options.days))
        planningStoppedUntil = options.start
        schedulerStoppedUntil = options.start
        downUntil = options.start
        var random = SplitMix64(state: options.seed)
        let chance = SharedChance(random.branch())
        durable = Node.Durable(
            storage: storage,
            ledger: ForgetfulLedger(reader: storage.log, sealer: storage.sealer),
            clock: clock,
            crash: CrashSwitch(),
            ids: EventIDGenerator(time: clock.source) { chance.next() }
        )
        node = Node(durable)
        hospital = HospitalModel(
            territory,
            protocols: Set(library.all.map(\.id)),
            habits: options.hospital,
            random: random.branch()
        )
        staff = Staff(territory.territory, habits: options.staff, random: random.branch())
        post = Post(habits: options.wire, random: random.branch())
        faults = FaultModel(habits: options.faults, random: random.branch())
        visitCheck = VisitCheck(library: library)
        if options.checking == .everyStep {
            checker = try Checker(library: library, territory: territory.territory)
        }
    }

    // MARK: - Steps

    /// Runs to the last day, and then until every message has arrived and nothing is left to plan.
    ///
    /// - Parameter progress: called at each dawn with the days that are over, and the events so far.
    /// - Throws: `Violation`.
    func run(progress: (Int, Int64) -> Void) async throws {
        try await observe()
        let first = ParisTime.reading(clock.now).day
        let last = ParisTime.reading(end.adding(milliseconds: -1)).day
        for day in first...max(first, last) { agenda.note(.dawn(day: day), at: max(clock.now, ParisTime.instant(day: day, minute: 0))) }
        while let (at, step) = agenda.takeNext() {
            if at >= end, !isSettling { settle() }
            if isSettling, !step.isSettling { continue }
            clock.advance(to: at)
            if case .dawn(let day) = step { progress(day - first, observed) }
            try await perform(step)
            try await observe()
            tally.steps += 1
            if isSettling, post.isEmpty, !planScheduled { break }
        }
        try compare(everything: true)
    }

    /// From now on nothing new happens, and nothing fails.
    private func settle() {
        isSettling = true
        (planningStoppedUntil, schedulerStoppedUntil) = (end, end)
        clock.setSkew(milliseconds: 0)
    }

    private func perform(_ step: Step) async throws {
        switch step {
        case .dawn(let day): dawn(day)
        case .say(let saying): say(saying)
        case .deliver(let number): try await deliver(number)
        case .act(let act): try await perform(act)
        case .plan: try await plan()
        case .look: if isScheduled() { try await look() }
        case .fault(let fault): try strike(fault)
        case .start: start()
        }
    }

    private func dawn(_ day: Int) {
        for (saying, at) in hospital.arrivals(on: day) { agenda.note(.say(saying), at: at) }
        for intention in staff.absences(today: day, on: board) { agenda.note(.act(intention.act), at: intention.at) }
        for (fault, at) in faults.faults(on: day) { agenda.note(.fault(fault), at: at) }
    }

    // MARK: - The machine

    private func strike(_ fault: Fault) throws {
        switch fault {
        case .crash(let moment, let countdown): durable.crash.arm(moment, countdown: countdown)
        case .clock(let skew):
            clock.setSkew(milliseconds: skew)
            lookScheduledAfter = 0
        case .outage(let minutes):
            downUntil = clock.now.adding(minutes: Int64(minutes))
            durable.crash.stop()
        case .schedulerStops(let minutes): schedulerStoppedUntil = clock.now.adding(minutes: Int64(minutes))
        case .planningStops(let minutes): planningStoppedUntil = clock.now.adding(minutes: Int64(minutes))
        case .timersLost: try loseTimers()
        }
    }

    /// The table of timers is empty, and the planner reads the log from its beginning.
    private func loseTimers() throws {
        guard let reactors = durable.storage.reactors as? InMemoryReactorStore, let deadlines = durable.storage.deadlines as? ForgetfulDeadlineStore
        else { return }
        reactors.forget()
        deadlines.forget()
        durable.ledger.forget()
        durable.crash.stop()
    }

    private func start() {
        guard durable.crash.isDown else { return }
        durable.crash.restart()
        node = Node(durable)
        tally.restarts += 1
        planScheduled = true
        agenda.note(.plan, at: clock.now)
        lookScheduled = nil
    }

    // MARK: - What follows from a step

    /// Reads what the log has gained, tells whom it concerns, checks it, and notes what the machine will do about it.
    private func observe() async throws {
        while true {
            let page = try durable.storage.log.read(after: observed, limit: 500)
            for recorded in page { try take(recorded) }
            if page.count < 500 { break }
        }
        if checker != nil, let changed = try checker?.checkTouched(on: board, now: clock.seen) { uncompared.formUnion(changed) }
        if durable.crash.isDown {
            guard !isStartScheduled else { return }
            isStartScheduled = true
            agenda.note(.start, at: max(downUntil, clock.now.adding(milliseconds: faults.restartDelay())))
            return
        }
        isStartScheduled = false
        try schedulePlanner()
        try scheduleLook()
    }

    private var isStartScheduled = false
    /// The position up to which timers were looked at.
    private var lookScheduledAfter: Int64 = 0

    private func take(_ recorded: RecordedEvent) throws {
        observed = recorded.position
        let event: DomainEvent?
        do {
            event = try durable.storage.sealer.payload(of: recorded).flatMap { try DomainEvent(type: recorded.type, payload: $0) }
        } catch {
            throw Violation("I2", "position \(recorded.position) cannot be read")
        }
        try checker?.take(recorded, event, before: board)
        tally.take(event, from: recorded, on: board)
        guard let event else { return }
        board.take(event, from: recorded)
        for intention in staff.react(to: event, from: recorded, on: board, now: clock.now) {
            agenda.note(.act(intention.act), at: intention.at)
        }
        if case .pathway(.pathwayClosed) = event, checker == nil { board.forget(recorded.stream) }
    }

    private func schedulePlanner() throws {
        guard !planScheduled, try durable.storage.reactors.checkpoint(of: PlannerReactor.name).position < observed else { return }
        planScheduled = true
        agenda.note(.plan, at: max(planningStoppedUntil, clock.now.adding(milliseconds: faults.planningDelay())))
    }

    private func scheduleLook() throws {
        // Only what is recorded moves a timer, and the clock's being wrong what it means.
        guard lookScheduled == nil || lookScheduledAfter != observed else { return }
        lookScheduledAfter = observed
        guard let next = try node.nextTimer() else { return }
        // The timer rings by the coordinator's clock.
        let ahead = clock.seen.milliseconds(since: clock.now)
        let rings = max(next.adding(milliseconds: -ahead), clock.now, schedulerStoppedUntil)
        if let lookScheduled, lookScheduled <= rings.adding(minutes: 1) { return }
        let at = rings.adding(milliseconds: faults.lookDelay())
        lookScheduled = at
        agenda.note(.look, at: at)
    }

    private func plan() async throws {
        planScheduled = false
        if durable.crash.isDown { return }
        do {
            _ = try await node.plan(pageSize: faults.pageSize())
        } catch {
            guard durable.crash.isDown else { throw Violation("I9", "the planner fails: \(error)") }
            return
        }
        if let item = try durable.storage.reactors.parked(of: nil, sequence: nil).first {
            throw Violation("I9", "position \(item.position) is parked: \(item.problem)")
        }
        if try isPlanned { try compare(everything: false) }
    }

    /// Whether a look is the one that is meant: another was noted since, for an earlier timer, or by another life of the process. Were it
    /// to count, each would be followed by one more, and looks would never grow fewer.
    private func isScheduled() -> Bool { lookScheduled == clock.now }

    private func look() async throws {
        lookScheduled = nil
        if durable.crash.isDown || clock.now < schedulerStoppedUntil { return }
        let wasPlanned = try isPlanned
        let now = clock.seen
        do {
            try await node.look()
        } catch {
            guard durable.crash.isDown else { throw Violation("I9", "the deadline scheduler fails: \(error)") }
            return
        }
        if let item = try durable.storage.reactors.parked(of: nil, sequence: nil).first {
            throw Violation("I9", "position \(item.position) is parked: \(item.problem)")
        }
        try await observe()
        if wasPlanned { try checker?.checkDeadlines(after: now) }
    }

    /// Whether the planner has seen all that was recorded.
    private var isPlanned: Bool {
        get throws { try durable.storage.reactors.checkpoint(of: PlannerReactor.name).position >= durable.storage.log.head().position }
    }

    /// Compares what changed with the hospital's own book, where everything has arrived.
    private func compare(everything: Bool) throws {
        guard let checker, !uncompared.isEmpty else { return }
        var waiting: Set<StreamID> = []
        for stream in uncompared.sorted() {
            guard let visit = visits[stream], let pathway = checker.pathways[stream] else {
                throw Violation("I5", "pathway \(stream.hex) is of no visit that a hospital knows")
            }
            let book = hospital.registry.visits[visit]
            // What is typed in late has not been said yet.
            guard book.hasBegun else { continue }
            guard book.undecided == 0 else {
                waiting.insert(stream)
                continue
            }
            guard hospital.registry.people[book.person].outstanding == 0 else {
                if everything { throw Violation("I1", "visit \(book.number) waits for a message that nobody answers") }
                waiting.insert(stream)
                continue
            }
            tally.comparisons += 1
            try visitCheck.check(pathway, against: book, isDead: hospital.registry.isDead(book.person))
        }
        uncompared = waiting
    }
}
