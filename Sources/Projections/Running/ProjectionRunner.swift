import Dispatch
public import EventStore
import Synchronization

/// Keeps every read model up to the log: each event is opened and decoded once, each page is one transaction with its checkpoints.
///
/// There is one per data directory, in the process that owns it.
public final class ProjectionRunner: Sendable {
    /// Every projection of this release.
    static let projections: [any Projection.Type] = [
        DirectoryProjection.self, ToDoProjection.self, TimelineProjection.self, FeedProjection.self,
    ]

    /// The names that ``rebuild(_:pageSize:)`` takes.
    public static let names = projections.map { $0.name }

    /// Events per transaction while following. At the log's end a page is as small as what was committed meanwhile; this bound keeps a
    /// page short enough (about 50 ms) that a reader never waits long for what was just recorded.
    public static let pageSize = 2_000

    /// Events per transaction where nobody waits: the larger a page, the more of its entries end in it and are written once.
    public static let bulkPageSize = 2_500

    private let log: any EventReader
    private let sealer: any PayloadSealer
    private let projections: [any Projection.Type]
    private let types: Set<String>
    private let core: Mutex<ProjectionCore>
    private let reached: PositionSignal
    private let runner = Mutex<FollowerRunner?>(nil)
    private let surroundings: FollowerRunner.Surroundings

    /// Opens `views.sqlite` in the data directory, or makes it anew.
    ///
    /// - Parameters:
    ///   - log: read through its own connections.
    ///   - sealer: opens payloads.
    /// - Throws: `ViewError`, `EventStoreError`.
    public convenience init(
        directory: String,
        log: any EventReader,
        sealer: any PayloadSealer,
        surroundings: FollowerRunner.Surroundings = .system
    ) throws {
        try self.init(directory: directory, log: log, sealer: sealer, surroundings: surroundings, projections: Self.projections)
    }

    init(
        directory: String,
        log: any EventReader,
        sealer: any PayloadSealer,
        surroundings: FollowerRunner.Surroundings,
        projections: [any Projection.Type]
    ) throws {
        self.log = log
        self.sealer = sealer
        self.projections = projections
        self.surroundings = surroundings
        types = projections.reduce(into: []) { $0.formUnion($1.interests) }
        let core = try ProjectionCore(directory: directory, log: log, projections: projections)
        reached = PositionSignal(position: core.position)
        self.core = Mutex(core)
    }

    // MARK: - Following

    /// Follows the log until the task is cancelled; failures of storage are retried after a pause.
    /// - Throws: `EventStoreError` `closed`, `ownedByAnother` or `checkpointAhead`.
    public func run() async throws {
        let follower = FollowerRunner(self, of: log, pageSize: Self.pageSize, surroundings: surroundings)
        runner.withLock { $0 = follower }
        try await follower.run()
    }

    /// Takes in what the log holds now, then returns. For commands that work on a directory nobody serves.
    public func catchUp(pageSize: Int = ProjectionRunner.bulkPageSize) throws {
        let epoch = try log.head().epoch
        while true {
            let events = try log.read(after: core.withLock { $0.position }, limit: max(1, pageSize))
            if events.isEmpty { return }
            try take(events, epoch: epoch)
        }
    }

    /// Suspends until every projection has taken in `position`, for a reader who wants to see what they wrote.
    /// - Parameter milliseconds: how long at most.
    /// - Returns: whether it was reached in time.
    public func wait(for position: Int64, atMost milliseconds: Int64) async throws -> Bool {
        if reached.position >= position { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [reached] in
                _ = try await reached.wait(beyond: position - 1)
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
        try await reached.wait(beyond: position)
    }

    private func take(_ events: [RecordedEvent], epoch: Int64) throws {
        let page = try OpenedPage(events, of: types, sealer: sealer)
        let position = try core.withLock { core in
            try core.take(page, epoch: epoch)
            return core.position
        }
        reached.advance(to: position)
    }

    // MARK: - Rebuilding

    /// Folds the whole log into new tables beside the live ones, and puts them in their place in one transaction. Readers and the live
    /// tables go on meanwhile. A rebuild that was broken off goes on where it stopped.
    ///
    /// - Throws: `ViewError.unknownProjection`, `.alreadyRebuilding`, or what reading and writing throw.
    public func rebuild(_ name: String, pageSize: Int = ProjectionRunner.bulkPageSize) throws {
        try rebuild(name, pageSize: pageSize, mayGoOn: { true })
    }

    /// - Parameter mayGoOn: asked before each page; a test stops here what a crash would.
    /// - Returns: whether the exchange was done.
    @discardableResult
    func rebuild(_ name: String, pageSize: Int, mayGoOn: () -> Bool) throws -> Bool {
        guard let types = projections.first(where: { $0.name == name })?.interests else { throw ViewError.unknownProjection(name) }
        let epoch = try log.head().epoch
        let begun = try core.withLock { try $0.beginRebuild(name) }
        defer { core.withLock { $0.endRebuild(name) } }
        let read: @Sendable (Int64) throws -> OpenedPage = { [log, sealer] position in
            try OpenedPage(try log.read(after: position, limit: max(1, pageSize)), of: types, sealer: sealer)
        }
        var page = try read(begun)
        while mayGoOn() {
            // One core writes a page while another reads and decodes the next.
            let ahead = Mutex<Result<OpenedPage, any Error>?>(nil)
            let written = Mutex<Result<Int64?, any Error>>(.success(nil))
            let (current, after) = (page, page.last?.position ?? begun)
            DispatchQueue.concurrentPerform(iterations: 2) { iteration in
                if iteration == 0 {
                    let result = Result { try core.withLock { try $0.continueRebuild(name, current, epoch: epoch) } }
                    written.withLock { $0 = result }
                } else {
                    let result = Result { try read(after) }
                    ahead.withLock { $0 = result }
                }
            }
            guard let position = try written.withLock({ $0 }).get() else { return true }
            let next = try ahead.withLock { $0 }?.get()
            page = if let next, next.last != nil { next } else { try read(position) }
        }
        return false
    }

    // MARK: - Status

    /// How the runner fares: running, waiting, backing off; its last sign of life and last error.
    public var status: FollowerStatus { runner.withLock { $0?.status } ?? FollowerStatus(name: name) }
}

extension ProjectionRunner: Follower {
    public var name: String { "projections" }

    public func loadCheckpoint() async throws -> FollowerCheckpoint {
        FollowerCheckpoint(position: core.withLock { $0.position }, epoch: 0)
    }

    public func handle(_ page: EventPage) async throws {
        try take(page.events, epoch: page.checkpoint.epoch)
    }
}
