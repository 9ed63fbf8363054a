public import EventStore
import Pathways
import Synchronization

/// Keeps every read model up to the log: each event is opened and decoded once, each page is one transaction with its checkpoints.
///
/// There is one per data directory, in the process that owns it; no other process writes the views.
public final class ProjectionRunner: Sendable {
    /// Every projection of this release.
    static let projections: [any Projection.Type] = [
        DirectoryProjection.self, ToDoProjection.self, TimelineProjection.self, FeedProjection.self, PatientsProjection.self,
        NotificationsProjection.self,
    ]

    /// The names that ``rebuild(_:pageSize:)`` takes.
    public static let names = projections.map { $0.name }

    /// Events per transaction while following. At the log's end a page is as small as what was committed meanwhile; this bound keeps a
    /// page short enough (about 50 ms) that a reader never waits long for what was just recorded.
    public static let pageSize = 2_000

    /// Events that are read and opened at a time where nobody waits.
    public static let bulkPageSize = 2_500

    /// Events per transaction where nobody waits, about: the larger it is, the more of its entries end in it and are written once, and the
    /// more of its rows share a page of the file.
    static let bulkCommitSize: Int64 = 65_536

    let log: any EventReader
    let sealer: any PayloadSealer
    let interests: Interests
    let core: Mutex<ProjectionCore>
    let surroundings: FollowerRunner.Surroundings
    private let reached: Awaited<Int64>
    private let runner = Mutex<FollowerRunner?>(nil)

    /// Whether what is recorded is taken in meanwhile, and somebody may wait for it.
    var isFollowing: Bool { runner.withLock { $0 != nil } }

    /// Opens `views.sqlite` in the data directory, or makes it anew.
    ///
    /// - Parameters:
    ///   - log: read through its own connections.
    ///   - sealer: opens payloads.
    ///   - lookupKey: the territory's keyed function, by which a patient's INS is looked up.
    /// - Throws: `ViewError`, `EventStoreError`.
    public convenience init(
        directory: String,
        log: any EventReader,
        sealer: any PayloadSealer,
        lookupKey: @escaping INSLookupKey,
        surroundings: FollowerRunner.Surroundings = .system
    ) throws {
        try self.init(
            directory: directory,
            log: log,
            sealer: sealer,
            lookupKey: lookupKey,
            surroundings: surroundings,
            projections: Self.projections,
            upcasters: .released
        )
    }

    init(
        directory: String,
        log: any EventReader,
        sealer: any PayloadSealer,
        lookupKey: @escaping INSLookupKey,
        surroundings: FollowerRunner.Surroundings,
        projections: [any Projection.Type],
        upcasters: Upcasters
    ) throws {
        self.log = log
        self.sealer = sealer
        self.surroundings = surroundings
        interests = Interests(projections, upcasters: upcasters)
        let core = try ProjectionCore(directory: directory, log: log, projections: projections, lookupKey: lookupKey)
        reached = Awaited(try core.position)
        self.core = Mutex(core)
    }

    // MARK: - Following

    /// Follows the log until the task is cancelled; failures of storage are retried after a pause. Projections of another version are built
    /// beside it, and shown when they have caught up.
    /// - Throws: `EventStoreError` `closed`, `ownedByAnother` or `checkpointAhead`.
    public func run() async throws {
        let follower = FollowerRunner(self, of: log, pageSize: Self.pageSize, surroundings: surroundings)
        runner.withLock { $0 = follower }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await follower.run() }
            group.addTask(priority: .utility) { [self] in await buildPending() }
            // The follower ends when it is cancelled, or fails; the builder ends when there is nothing left to build.
            _ = try await group.next()
            _ = try await group.next()
        }
    }

    /// Builds what must be built, then takes in what the log holds now, and returns. For commands that work on a directory nobody serves.
    public func catchUp(pageSize: Int = ProjectionRunner.bulkPageSize) throws {
        let head = try log.head().position
        let pending = try core.withLock { core in
            try core.buildWhatIsEmpty(upTo: head)
            return core.pending
        }
        if !pending.isEmpty { try build(pending, pageSize: pageSize, mayGoOn: { true }) }
        let epoch = try log.head().epoch
        while true {
            let events = try log.read(after: core.withLock { $0.followed }, limit: max(1, pageSize))
            if events.isEmpty { return try tell() }
            try take(events, epoch: epoch)
        }
    }

    /// Suspends until every projection has taken in `position`, for a reader who wants to see what they wrote.
    /// - Parameter milliseconds: how long at most.
    /// - Returns: whether it was reached in time.
    public func wait(for position: Int64, atMost milliseconds: Int64) async throws -> Bool {
        if reached.value >= position { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [reached] in
                _ = try await reached.wait { $0 >= position }
                return true
            }
            group.addTask { [surroundings] in
                try await surroundings.sleep(milliseconds)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// Suspends until the views go beyond `position`, and returns how far they came: for pages that show themselves anew.
    public func nextChange(after position: Int64) async throws -> Int64 {
        try await reached.wait { $0 > position }
    }

    func take(_ events: [RecordedEvent], epoch: Int64) throws {
        let page = try OpenedPage(events, for: .all, interests, sealer: sealer)
        try core.withLock { try $0.take(page, epoch: epoch) }
        try tell()
    }

    /// Wakes who waits for the position reached now.
    func tell() throws {
        let position = try core.withLock { try $0.position }
        reached.change { $0 = max($0, position) }
    }

    // MARK: - Erasure

    /// Makes sure that nothing erased is left in the file or its side files: call it once the views have taken in the erasures.
    ///
    /// - Parameters:
    ///   - attempts: how often it is tried; readers that hold an older snapshot must end first.
    ///   - pause: milliseconds between two attempts.
    /// - Throws: `ViewError.busy` if readers did not end in time: call again.
    public func purge(attempts: Int = 100, pause: Int64 = 50) async throws {
        for _ in 0..<max(1, attempts) {
            if try core.withLock({ try $0.purge() }) { return }
            try await surroundings.sleep(pause)
        }
        throw ViewError.busy
    }

    // MARK: - Status

    /// How the runner fares: running, waiting, backing off; its last sign of life and last error.
    public var status: FollowerStatus { runner.withLock { $0?.status } ?? FollowerStatus(name: name, kind: kind) }
}

extension ProjectionRunner: Follower {
    public var name: String { "projections" }
    public var kind: FollowerKind { .projection }

    public func loadCheckpoint() async throws -> FollowerCheckpoint {
        FollowerCheckpoint(position: core.withLock { $0.followed }, epoch: 0)
    }

    public func handle(_ page: EventPage) async throws {
        try take(page.events, epoch: page.checkpoint.epoch)
    }
}
