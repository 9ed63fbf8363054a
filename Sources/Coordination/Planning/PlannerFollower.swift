public import EventStore
import Pathways
import Timekeeping

/// Feeds the follow-up planner from the log. Its checkpoint moves once the commands of a page are durable; a page that comes again finds
/// its work done.
public struct PlannerFollower: Follower {
    public let name = "follow-up-planner"
    private static let concurrency = 16

    private let planner: FollowUpPlanner
    private let store: PlannerStore

    public init(planner: FollowUpPlanner, store: PlannerStore) {
        self.planner = planner
        self.store = store
    }

    public func loadCheckpoint() async throws -> FollowerCheckpoint { try store.checkpoint(of: name) }

    public func handle(_ page: EventPage) async throws {
        // One look at a pathway serves all of its events in the page: reconciling depends on where it stands, not on how it got there.
        var causes: [StreamID: RecordedEvent] = [:]
        for event in page.events where FollowUpPlanner.concerns(event.type) { causes[event.stream] = event }
        let work = causes.values.sorted { $0.position < $1.position }
        var timers: [StreamID: Instant?] = [:]
        var parked: [PlannerStore.Parked] = []
        try await withThrowingTaskGroup(of: Result.self) { group in
            var next = work.makeIterator()
            for _ in 0..<Self.concurrency {
                guard let event = next.next() else { break }
                group.addTask { try await plan(event) }
            }
            while let result = try await group.next() {
                if let problem = result.problem {
                    parked.append(.init(stream: result.event.stream, position: result.event.position, problem: problem))
                } else {
                    timers.updateValue(result.due, forKey: result.event.stream)
                }
                if let event = next.next() { group.addTask { try await plan(event) } }
            }
        }
        try store.advance(name, to: page.checkpoint, timers: timers, parked: parked)
    }

    private struct Result: Sendable {
        let event: RecordedEvent
        var due: Instant?
        var problem: String?
    }

    /// A pathway that cannot be read parks its own work, visibly; storage trouble and a missing territory stop the page, to be tried again.
    private func plan(_ event: RecordedEvent) async throws -> Result {
        do {
            try await planner.reconcile(event.stream, causedBy: event.id, step: "reconcile")
            return Result(event: event, due: try planner.homeReturnLimit(event.stream))
        } catch CoordinationError.unreadable(let position, let type, let problem) {
            return Result(event: event, problem: "event \(position) (\(type)): \(problem)")
        }
    }
}
