public import EventStore
public import Logging
public import Pathways
import Synchronization
import Timekeeping

/// Has everybody told what waits for them in the outbox, many side by side, each in order. What it does is kept step by step: another one that
/// goes on where it ended loses nothing, and repeats nothing but under the same id.
public final class Dispatcher: Sendable {
    public static let name = "notification-dispatcher"

    public struct Options: Sendable {
        /// People seen to side by side.
        public var width = 64
        /// People asked of the outbox at once.
        public var page = 512
        /// Only tells, in the operator's log, what it would do: nothing is handed over, and nothing is changed.
        public var isRehearsal = false
        public var rules = DispatchRules()

        public init() {}
    }

    /// Milliseconds between two looks when there is nothing to do.
    static let idlePause: Int64 = 15_000
    /// Milliseconds after which somebody being seen to is stuck: longer than any attempt may take.
    private static let longestVisit: Int64 = 180_000

    struct Mailbox: Sendable {
        /// To be looked at now.
        var called: [String] = []
        /// As well, even while a routine message of theirs is with a channel.
        var urgent: Set<String> = []
        var wakes = 0
    }

    /// What it has done since it was made.
    public let figures = DispatchFigures()
    public let gate: DestinationGate
    let outbox: any Outbox
    let attendant: RecipientAttendant
    let options: Options
    let share: any DispatchShare
    let surroundings: FollowerRunner.Surroundings
    let logger: Logger
    let crew = DispatchCrew()
    private let mailbox: DispatchMailbox
    private let beat: @Sendable () throws -> Void
    private let head: @Sendable () throws -> Int64
    private let current = Mutex(FollowerStatus(name: Dispatcher.name))
    private let allAreToBeLookedAt = Mutex(false)

    /// - Parameters:
    ///   - share: whom this one tells; nil = everybody.
    ///   - beat: called at least every 15 seconds while nothing is stuck and what is done can be kept: a sign of life for a watchdog.
    ///   - head: the end of the log, for ``status``.
    public init(
        outbox: any Outbox,
        ledger: any Ledger,
        renderer: any MessageRenderer,
        book: ChannelBook,
        table: NewsTable,
        options: Options = Options(),
        share: (any DispatchShare)? = nil,
        surroundings: FollowerRunner.Surroundings = .system,
        logger: Logger,
        beat: @escaping @Sendable () throws -> Void = {},
        head: @escaping @Sendable () throws -> Int64 = { 0 }
    ) {
        let mailbox = DispatchMailbox()
        let gate = DestinationGate(parallel: book.parallel)
        self.mailbox = mailbox
        self.gate = gate
        self.outbox = outbox
        self.options = options
        let share = share ?? WholeShare()
        self.share = share
        self.surroundings = surroundings
        self.logger = logger
        self.beat = beat
        self.head = head
        attendant = RecipientAttendant(
            outbox: outbox,
            ledger: ledger,
            renderer: renderer,
            book: book,
            table: table,
            gate: gate,
            crew: crew,
            figures: figures,
            surroundings: surroundings,
            rules: options.rules,
            share: share,
            logger: logger,
            call: { mailbox.call($0) }
        )
    }

    /// How it fares now; its position is the end of the log as it was found last.
    public var status: FollowerStatus { current.withLock { $0 } }

    /// Something new is in the outbox: it is looked at now.
    ///
    /// - Parameter urgent: who got urgent news: they are looked at before all others.
    public func wake(urgent: Set<String> = []) { mailbox.wake(urgent) }

    /// There are more people to tell than before: all of them are looked at.
    public func wakeAll() {
        allAreToBeLookedAt.withLock { $0 = true }
        mailbox.wake([])
    }

    /// Dispatches until the task is cancelled; attempts that have begun get a few seconds then. Trouble is told and tried again.
    public func run() async {
        defer { current.withLock { $0.state = .stopped } }
        if options.isRehearsal { return await rehearse() }
        await withTaskGroup(of: DispatchShift.Event.self) { group in
            var shift = DispatchShift(width: max(1, options.width), began: surroundings.time.now())
            while !Task.isCancelled {
                let now = surroundings.time.now()
                shift.turn(at: now)
                collect(into: &shift, at: now)
                report(shift, at: now)
                fetch(into: &shift, at: now)
                while let visit = shift.start(at: now) {
                    group.addTask { [attendant] in .ended(visit.recipient, await attendant.attend(visit.recipient, lanes: visit.lanes)) }
                }
                if let pause = shift.arm(at: now) {
                    group.addTask { [weak self] in
                        await self?.pause(pause)
                        return .timer
                    }
                }
                guard let event = await group.next() else { continue }
                if let word = shift.handle(event) { note(word, shift.fail(at: surroundings.time.now(), chance: surroundings.random())) }
                if let earlier = shift.earlierLook { if shift.isArmed(beyond: earlier) { mailbox.raise() } }
            }
            group.cancelAll()
        }
    }

    // MARK: - Parts of a turn

    private func collect(into shift: inout DispatchShift, at now: Instant) {
        let mail = mailbox.empty()
        shift.take(mail)
        if shift.isTimeToOvertake(at: now) || !mail.urgent.isEmpty {
            let candidates = shift.isTimeToOvertake(at: now) ? crew.overtakable : crew.overtakable.intersection(mail.urgent)
            if shift.isTimeToOvertake(at: now) { shift.overtakenAt = now }
            for recipient in candidates where shift.isInHand(recipient) && crew.overtake(recipient) { shift.overtake(recipient) }
        }
    }

    private func fetch(into shift: inout DispatchShift, at now: Instant) {
        guard shift.wantsMore(at: now) else { return }
        do {
            if allAreToBeLookedAt.withLock({ asked in
                defer { asked = false }
                return asked
            }) {
                shift.lookAtAll()
            }
            if shift.mustLookAtAll {
                try outbox.lookAtAll(from: now)
                shift.lookedAtAll()
            }
            let inHand = shift.inHandNow
            let due = try outbox.due(at: now, limit: options.page) { !inHand.contains($0) && share.holds($0) }
            shift.add(due, isAll: due.count < options.page)
            if shift.isIdle || shift.mayRest { shift.nextLook = try outbox.nextLook { share.holds($0) } }
        } catch {
            note(DispatchTrouble.word(of: error), shift.fail(at: now, chance: surroundings.random()))
        }
    }

    private func pause(_ milliseconds: Int64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [surroundings] in try? await surroundings.sleep(milliseconds) }
            group.addTask { [mailbox] in await mailbox.wait() }
            _ = await group.next()
            group.cancelAll()
        }
    }

    // MARK: - How it fares

    /// No sign of life if somebody is stuck, or nothing can be kept: who waits for one has to know.
    private func report(_ shift: DispatchShift, at now: Instant) {
        let oldest = shift.oldestVisit
        let isStuck = oldest.map { now.milliseconds(since: $0) > Self.longestVisit } ?? false
        signOfLife(at: now, handling: oldest, isStuck: isStuck || shift.isHelpless(at: now))
        if shift.failures == 0 { current.withLock { $0.state = shift.isIdle ? .waiting : .running } }
    }

    func signOfLife(at now: Instant, handling: Instant? = nil, isStuck: Bool = false) {
        do {
            if !isStuck { try beat() }
        } catch {
            logger.error("the sign of life cannot be written", metadata: ["problem": "\(DispatchTrouble.word(of: error))"])
        }
        let isDue = current.withLock { $0.heartbeat.map { now.milliseconds(since: $0).magnitude >= 1_000 } ?? true }
        let position = isDue ? try? head() : nil
        current.withLock { status in
            status.position = position ?? status.position
            status.handling = handling.map { FollowerStatus.Handling(first: status.position, last: status.position, since: $0) }
            if isDue { status.heartbeat = now }
        }
    }

    func note(_ word: String, _ failures: Int) {
        let now = surroundings.time.now()
        logger.error("the outbox or what it needs cannot be used", metadata: ["problem": "\(word)", "failures": "\(failures)"])
        current.withLock { status in
            status.state = .backingOff(failures: failures)
            status.lastError = word
            status.lastErrorAt = now
        }
    }

    /// Waits for a call, at most so many milliseconds.
    func idle(_ milliseconds: Int64) async {
        await pause(milliseconds)
        _ = mailbox.empty()
    }
}
