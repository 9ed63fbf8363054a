import Coordination
import EventStore
import HL7v2
import Hummingbird
import Intake
import Logging
import Notifications
import Projections
import ServiceLifecycle
import Synchronization
import Timekeeping
import Transparency
import Web

/// A loop that runs until the server is asked to stop, behind those who wait for an answer: followers may lag for a moment, a hospital's
/// message may not. The lower priority also gives it threads of its own, so that its work on files never holds up the others'.
///
/// One that ends, or fails, takes no other with it: several territories share the process. What failed is told by the log and, for a follower,
/// by its status in `/readyz`.
struct BackgroundService: Service {
    let name: String
    /// Waits until the node writes, if that is given.
    var duty: NodeDuty?
    var logger: Logger?
    let body: @Sendable () async throws -> Void

    func run() async {
        await cancelWhenGracefulShutdown {
            let work = Mutex<Task<Void, Never>?>(nil)
            do {
                try await withTaskCancellationHandler {
                    // Not by awaiting the task: it would be raised to the priority of whoever awaits it.
                    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                        let task = Task.detached(priority: .utility) {
                            do {
                                try await duty?.writing()
                                try await body()
                                done.resume()
                            } catch {
                                done.resume(throwing: error)
                            }
                        }
                        work.withLock { $0 = task }
                        if Task.isCancelled { task.cancel() }
                    }
                } onCancel: {
                    work.withLock { $0?.cancel() }
                }
            } catch is CancellationError {
                return
            } catch {
                logger?.error("\(name) stopped", metadata: ["reason": "\(error)"])
            }
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) }
        }
    }
}

/// The MLLP listener, which answers the frames in hand before it stops.
struct MLLPService: Service {
    let server: MLLPServer
    /// Those for whom it listens: once all of them write.
    private let duties: [NodeDuty]
    let onListening: @Sendable (Int) -> Void

    init(
        _ configuration: MLLPServerConfiguration,
        intake: TerritoryRouter,
        duties: [NodeDuty],
        logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void
    ) {
        self.onListening = onListening
        self.duties = duties
        server = MLLPServer(configuration: configuration, logger: logger) { frame in
            switch await intake.receive(frame.payload) {
            case .acknowledge(let bytes, _): .answer(bytes)
            case .noAnswer(.notWanted): .silence
            case .noAnswer(.unreadable), .noAnswer(.oversized): .close
            }
        }
    }

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { for duty in duties { try await duty.writing() } }
        } catch is CancellationError {
            return
        }
        try await withGracefulShutdownHandler {
            try await server.run(onListening: onListening)
        } onGracefulShutdown: {
            server.stop()
        }
    }
}

/// A node's part in Kafka. Its failure ends the process: it means that going on would acknowledge what another machine does not know of.
struct StreamingService: Service {
    let node: Node
    let streaming: NodeStreaming

    func run() async throws {
        try await AbandonableWork.run { try await streaming.run(node) }
    }
}

extension Node {
    /// Its part in Kafka, in a server only.
    var streamingServices: [any Service] { streaming.map { [StreamingService(node: self, streaming: $0)] } ?? [] }

    /// How long a repetition of what came from outside is recognised (I4).
    static let daysOfIntakeKeys: Int64 = 90

    /// What follows the log. First in the group, so last to stop.
    var followerServices: [any Service] {
        [
            BackgroundService(name: "follow-up-planner", duty: duty, logger: logger) { [followers] in try await followers.plannerRunner.run() },
            BackgroundService(name: NotifierReactor.name, duty: tellingDuty, logger: logger) { [notifications] in try await notifications.runner.run()
            },
            BackgroundService(name: "projections", logger: logger) { [projections] in try await projections.run() },
            BackgroundService(name: "tiles", logger: logger) { [followers] in try await followers.tilesRunner.run() },
            BackgroundService(name: "checkpoints", duty: duty) { [proofs, logger] in
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(CheckpointStore.interval))
                    do {
                        _ = try proofs.checkpoints.current()
                    } catch {
                        logger.error("no checkpoint could be signed", metadata: ["reason": "\(error)"])
                    }
                }
            },
            BackgroundService(name: "follower-reports") { [followers, logger] in
                await followers.reporter.run { error in
                    logger.error("followers could not be reported on", metadata: ["reason": "\(type(of: error))"])
                }
            },
            BackgroundService(name: "log-health") { [log, logger] in
                for await health in log.healthChanges() {
                    logger.log(level: health.isAccepting ? .notice : .error, "log health", metadata: ["state": "\(health.words ?? "accepting")"])
                }
            },
            BackgroundService(name: "erasures", logger: logger) { [self] in
                // One that a crash cut short: its keys are destroyed before anything is served, its rows once the views have caught up.
                var cleared: Int64 = 0
                while true {
                    let known = try log.version(of: coordinator.streams.erasures)
                    if known > cleared, try await clear(of: try reader.head().position) { cleared = known }
                    // A writer clears with each erasure; a copy hears of them.
                    guard log.role == .replica else { return }
                    try await Task.sleep(for: .seconds(1))
                }
            },
            BackgroundService(name: "forgetting", duty: duty) { [log, coordinator, logger] in
                while !Task.isCancelled {
                    do {
                        try await log.forgetCommands(recordedBefore: coordinator.time.now().adding(days: -Self.daysOfIntakeKeys))
                    } catch {
                        logger.error("old intake keys could not be forgotten, trying again tomorrow", metadata: ["reason": "\(error)"])
                    }
                    try await Task.sleep(for: .seconds(86_400))
                }
            },
            BackgroundService(name: DeadlineRunner.name, duty: duty) { [followers, logger] in
                await followers.deadlines.run { error in
                    logger.error("deadlines could not be looked for, trying again", metadata: ["reason": "\(type(of: error))"])
                }
            },
        ]
    }

    /// Drops from views and from work in hand what was erased through a position.
    ///
    /// - Returns: whether it is done.
    private func clear(of position: Int64) async throws -> Bool {
        while try await !projections.wait(for: position, atMost: 60_000) {}
        do {
            try await projections.purge()
            _ = try followers.store.purge()
            return true
        } catch {
            logger.error("the views could not be cleared of what was erased, trying again", metadata: ["reason": "\(error)"])
            return false
        }
    }

    /// Whoever tells a share of the people does so on a copy; all others when they write.
    private var tellingDuty: NodeDuty? { notifications.part == .member ? nil : duty }

    /// What tells people what the notifier has taken in, and looks whether anybody is forgotten: in a server only.
    var dispatchServices: [any Service] {
        guard let part = notifications.part else { return [] }
        var services: [any Service] = [
            BackgroundService(name: "notification-reconciler", duty: tellingDuty) { [notifications, logger] in
                await notifications.reconciliation.run { error in
                    logger.error("the ledger could not be reconciled, trying again", metadata: ["reason": "\(type(of: error))"])
                }
            },
            notifications.openings,
            BackgroundService(name: "beats", duty: tellingDuty) { [notifications, followers] in
                await notifications.beat { followers.deadlines.status }
            },
        ]
        if part != .elsewhere {
            services.append(
                BackgroundService(name: Dispatcher.name, duty: tellingDuty, logger: logger) { [notifications] in
                    await notifications.dispatcher.run()
                }
            )
        }
        if let sharing = notifications.sharing {
            // A node that tells nobody and says that it is well would keep others from noticing: its failure ends the process.
            services.append(PersistentService { [self] in try await sharing.run(self) })
        }
        if let facts = notifications.facts {
            services.append(
                PersistentService { [duty] in
                    try await duty.writing()
                    try await facts.run()
                }
            )
        }
        if let collector = notifications.collector, part != .member {
            services.append(
                BackgroundService(name: "mail-reports", duty: duty) { [logger] in
                    await collector.run { outcome in
                        logger.debug("a report was read", metadata: ["outcome": "\(outcome)"])
                    } failed: { reason in
                        logger.error("the mailbox of reports could not be worked on, trying again", metadata: ["reason": "\(reason)"])
                    }
                }
            )
        }
        return services
    }

    /// The API and the pages on the control socket, for the command line.
    func control() throws -> some Service {
        let socket = try ControlSocket(directory: directory)
        try socket.removeStale()
        return try WebServer.buildApplication(services: webServices(), operations: operations, host: socket.path, port: 0, logger: logger)
    }
}
