import Synchronization
public import Timekeeping

/// Feeds a follower: reads pages after its checkpoint, wakes on commits, backs off on failure, ends when cancelled.
public final class FollowerRunner: Sendable {
    /// Time and chance, handed in (I12).
    public struct Surroundings: Sendable {
        public var time: TimeSource
        /// Uniformly distributed 64-bit values.
        public var random: @Sendable () -> UInt64
        /// Suspends for some milliseconds; throws `CancellationError` when the task is cancelled.
        public var sleep: @Sendable (Int64) async throws -> Void

        public init(
            time: TimeSource,
            random: @escaping @Sendable () -> UInt64,
            sleep: @escaping @Sendable (Int64) async throws -> Void
        ) {
            self.time = time
            self.random = random
            self.sleep = sleep
        }

        /// Those of the machine.
        public static var system: Surroundings {
            Surroundings(
                time: .system,
                random: { UInt64.random(in: .min ... .max) },
                sleep: { try await Task.sleep(for: .milliseconds($0)) }
            )
        }
    }

    private let follower: any Follower
    private let log: any EventReader
    private let pageSize: Int
    private let backOff: BackOff
    /// Milliseconds between signs of life while waiting.
    private let heartbeat: Int64
    private let surroundings: Surroundings
    private let current: Mutex<FollowerStatus>

    /// - Parameters:
    ///   - pageSize: events handed over at once, and so taken in by one transaction.
    ///   - heartbeat: milliseconds between signs of life while there is nothing to do.
    public init(
        _ follower: any Follower,
        of log: any EventReader,
        pageSize: Int = 500,
        backOff: BackOff = BackOff(),
        heartbeat: Int64 = 5000,
        surroundings: Surroundings = .system
    ) {
        self.follower = follower
        self.log = log
        self.pageSize = max(1, pageSize)
        self.backOff = backOff
        self.heartbeat = max(1, heartbeat)
        self.surroundings = surroundings
        current = Mutex(FollowerStatus(name: follower.name, kind: follower.kind))
    }

    /// How the follower fares now.
    public var status: FollowerStatus { current.withLock { $0 } }

    /// Follows the log until the task is cancelled, then returns.
    ///
    /// - Throws: ``EventStoreError`` `closed` when the log is closed; `ownedByAnother` if a later epoch has saved the
    ///   checkpoint; `checkpointAhead` if the log ends before it. All other failures are retried.
    public func run() async throws {
        defer { update { $0.state = .stopped } }
        var failures = 0
        while !Task.isCancelled {
            do {
                try await follow { failures = 0 }
            } catch is CancellationError {
                return
            } catch {
                note(error)
                if let error = error as? EventStoreError, [.closed, .ownedByAnother, .checkpointAhead].contains(error.code) {
                    throw error
                }
                failures += 1
                update { $0.state = .backingOff(failures: failures) }
                let pause = backOff.pause(afterFailures: failures, chance: surroundings.random())
                do { try await surroundings.sleep(pause) } catch { return }
            }
        }
    }

    /// From the saved checkpoint on, until something fails.
    private func follow(_ succeeded: () -> Void) async throws {
        let saved = try await follower.loadCheckpoint()
        let head = try log.head()
        guard saved.epoch <= head.epoch else {
            throw EventStoreError(
                .ownedByAnother,
                "Checkpoint of \(follower.name) was saved in epoch \(saved.epoch), the log is at \(head.epoch): another process follows it."
            )
        }
        guard saved.position <= head.position else {
            throw EventStoreError(
                .checkpointAhead,
                "Checkpoint of \(follower.name) is \(saved.position), the log ends at \(head.position): rebuild the follower."
            )
        }
        var position = saved.position
        update { $0.position = position }
        while true {
            try Task.checkCancellation()
            let events = try log.read(after: position, limit: pageSize)
            guard let last = events.last else {
                try await waitForCommit(after: position)
                continue
            }
            let handling = FollowerStatus.Handling(first: position + 1, last: last.position, since: surroundings.time.now())
            update { status in
                status.state = .running
                status.handling = handling
            }
            FollowerPriority.giveWay()
            let checkpoint = FollowerCheckpoint(position: last.position, epoch: head.epoch)
            do {
                defer { update { $0.handling = nil } }
                try await follower.handle(EventPage(events: events, checkpoint: checkpoint))
            }
            position = last.position
            update { $0.position = position }
            succeeded()
        }
    }

    /// Waits for the log to grow, with a sign of life from time to time.
    private func waitForCommit(after position: Int64) async throws {
        update { $0.state = .waiting }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [log] in
                _ = try await log.nextCommit(after: position)
                return true
            }
            group.addTask { [surroundings, heartbeat] in
                try await surroundings.sleep(heartbeat)
                return false
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }

    private func note(_ error: any Error) {
        let text = (error as? EventStoreError)?.description ?? String(describing: type(of: error))
        let now = surroundings.time.now()
        update { status in
            status.lastError = text
            status.lastErrorAt = now
        }
    }

    private func update(_ change: (inout FollowerStatus) -> Void) {
        let now = surroundings.time.now()
        current.withLock { status in
            status.heartbeat = now
            change(&status)
        }
    }
}
