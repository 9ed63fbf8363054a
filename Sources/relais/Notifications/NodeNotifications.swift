import Coordination
import EventStore
import Logging
import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Timekeeping
import Web

/// Who leaves signs of life in a directory that is served.
enum NodeBeats {
    static let dispatcher = Dispatcher.name
    static let deadlines = DeadlineRunner.name
    static let notifier = NotifierReactor.name
}

/// What tells people of a territory: from the log into the outbox, from there to channels, and what became of it back into the log.
struct NodeNotifications: Sendable {
    let outbox: SQLiteOutbox
    let ledger: LedgerDesk
    let table: NewsTable
    let channels: ChannelBook
    let reactor: ReactorFollower
    let runner: FollowerRunner
    let dispatcher: Dispatcher
    let reconciliation: Reconciliation
    let reports: ReportDesk
    let collector: ReportCollector?
    let secrets: WebhookSecrets
    /// Takes note that messages were seen.
    let openings: OpeningQueue
    let book: TemplateBook
    let time: TimeSource
    /// What its server does; nil in a command that serves the directory to itself.
    let part: NodeDispatch.Part?
    /// Where it tells its share of the people.
    let sharing: NodeSharing?
    /// Where others tell, what they have to say.
    let facts: FactIntake?
    /// Where others tell people, or some of them.
    let requests: RetryRequests?
    private let deadlineBeat: BeatFile
    private let notifierBeat: BeatFile

    /// - Parameters:
    ///   - dispatch: nil where nothing is to be dispatched.
    ///   - streaming: by which several share the work.
    /// - Throws: `Failure` naming the settings that no channel can be made of; what SQLite says.
    init(
        _ directory: NodeDirectory,
        dispatch: NodeDispatch?,
        streaming: NodeStreaming?,
        coordinator: Coordinator,
        reader: any EventReader,
        sealer: any PayloadSealer,
        store: SQLiteReactorStore,
        logger: Logger
    ) throws {
        let time = coordinator.time
        let settings = dispatch?.settings ?? NotificationSettings()
        let table = try NewsTable.shipped()
        let outbox = try SQLiteOutbox(store: store)
        let ledger = LedgerDesk(coordinator: coordinator, table: table)
        let secrets = WebhookSecrets(seed: try directory.webhookSeed())
        let channels = try dispatch?.channels ?? settings.channels(secrets: secrets, time: time, logger: logger)
        let base = settings.link ?? dispatch?.link ?? "http://127.0.0.1"
        let rendering: RenderingSettings
        do {
            rendering = try RenderingSettings(base: base, domain: settings.domain ?? WebAddress(base)?.host ?? "localhost")
        } catch {
            throw Failure(.usage, "relais.notifications: \(error)")
        }
        let past = RecordedPast(reader: reader, sealer: sealer, streams: coordinator.streams)
        let book = try TemplateBook.shipped()
        let renderer = LogRenderer(past: past, book: book, settings: rendering)
        var options = Dispatcher.Options()
        options.isRehearsal = settings.dryRun
        options.rules = dispatch?.rules ?? DispatchRules()
        if let minutes = settings.mergeMinutes { options.rules.mergeMinutes = minutes }
        if let items = settings.itemsPerMessage { options.rules.itemsPerMessage = items }
        let beat = BeatFile(directory: directory.path, name: NodeBeats.dispatcher, time: time)
        let part = dispatch?.part
        let sharing = try part == .member ? streaming.map { try NodeSharing($0, logger: logger) } : nil
        let signs = sharing?.signs ?? (part == .elsewhere ? FactSigns() : nil)
        let told: any Ledger =
            sharing.map { sharing in
                CourierLedger(copy: ledger, signs: sharing.signs) { try await sharing.send($0) }
            } ?? ledger
        let dispatcher = Dispatcher(
            outbox: outbox,
            ledger: told,
            renderer: renderer,
            book: channels,
            table: table,
            options: options,
            share: sharing?.shares,
            logger: logger,
            beat: { try beat.beat() },
            head: { try reader.head().position }
        )
        let notifier = NotifierReactor(
            coordinator: coordinator,
            reader: HappeningReader(coordinator: coordinator),
            table: table,
            ledger: ledger,
            outbox: outbox,
            signs: signs
        ) { urgent in
            dispatcher.wake(urgent: urgent)
        }
        let reactor = ReactorFollower(notifier, store: store, log: reader, time: time)
        let reports = ReportDesk(outbox: outbox, ledger: ledger, time: time)
        self.part = part
        self.sharing = sharing
        requests = part == .alone ? nil : streaming.map { RetryRequests(topics: $0.topics, settings: $0.settings, logger: logger) }
        facts =
            part == .elsewhere
            ? streaming.map { FactIntake(ledger: ledger, outbox: outbox, topics: $0.topics, settings: $0.settings, logger: logger) } : nil
        self.book = book
        self.time = time
        openings = OpeningQueue(outbox: outbox, ledger: ledger, time: time, logger: logger)
        self.table = table
        self.outbox = outbox
        self.ledger = ledger
        self.secrets = secrets
        self.channels = channels
        self.dispatcher = dispatcher
        self.reactor = reactor
        runner = FollowerRunner(reactor, of: reader)
        self.reports = reports
        collector = settings.reports(logger: logger).map { ReportCollector(mailbox: $0, desk: reports) }
        reconciliation = Reconciliation(
            Reconciler(
                coordinator: coordinator,
                reader: HappeningReader(coordinator: coordinator),
                table: table,
                ledger: ledger,
                outbox: outbox,
                store: store,
                tells: { [shares = sharing?.shares] in shares?.holds($0) ?? (part != .elsewhere) }
            ),
            outbox: outbox,
            time: time
        )
        deadlineBeat = BeatFile(directory: directory.path, name: NodeBeats.deadlines, time: time)
        notifierBeat = BeatFile(directory: directory.path, name: NodeBeats.notifier, time: time)
    }

    /// Whether this node's dispatcher is to run.
    var dispatches: Bool { part == .alone || part == .member }

    /// Leaves signs of life for the deadline scheduler and the notifier as long as they give their own.
    func beat(for deadlines: @Sendable () -> FollowerStatus) async {
        while !Task.isCancelled {
            // Both look every few seconds; what is in hand for a minute hangs.
            for (file, status) in [(deadlineBeat, deadlines()), (notifierBeat, runner.status)] {
                if let sign = status.heartbeat, time.now().milliseconds(since: sign) < 60_000 { try? file.beat() }
            }
            do { try await Task.sleep(for: .seconds(5)) } catch { return }
        }
    }
}
