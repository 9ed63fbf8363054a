import Coordination
import EventStore
import Timekeeping

/// What reactors keep, as a process sees it that may die before or after it is written.
struct MortalReactorStore: ReactorStore {
    let durable: any ReactorStore
    let crash: CrashSwitch

    func checkpoint(of reactor: String) throws -> FollowerCheckpoint { try alive().checkpoint(of: reactor) }
    func parkedSequences(of reactor: String) throws -> Set<StreamID> { try alive().parkedSequences(of: reactor) }
    func save(_ checkpoint: FollowerCheckpoint, of reactor: String, parking: [ParkingRequest], knowing known: Set<StreamID>) throws -> Bool {
        try crash.pass(.beforeCheckpoint)
        let isSaved = try durable.save(checkpoint, of: reactor, parking: parking, knowing: known)
        try crash.pass(.afterCheckpoint)
        return isSaved
    }
    func park(_ request: ParkingRequest, of reactor: String) throws { try alive().park(request, of: reactor) }
    func parked(of reactor: String?, sequence: StreamID?) throws -> [ParkedItem] { try alive().parked(of: reactor, sequence: sequence) }
    func note(_ problem: String, on item: ParkedItem) throws { try alive().note(problem, on: item) }
    func unpark(_ item: ParkedItem) throws { try alive().unpark(item) }
    func discard(_ id: Int64, reason: String, by: String, at: Instant) throws -> DiscardedItem? {
        try alive().discard(id, reason: reason, by: by, at: at)
    }
    func discarded() throws -> [DiscardedItem] { try alive().discarded() }

    private func alive() throws -> any ReactorStore {
        try crash.pass()
        return durable
    }
}

/// Timers, as a process sees them that may die before one is set.
struct MortalDeadlineStore: DeadlineStore {
    let durable: any DeadlineStore
    let crash: CrashSwitch

    func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) throws {
        try crash.pass(.beforeTimer)
        try durable.set(due, for: stream, asOf: version)
    }
    func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) throws {
        try crash.pass(.beforeTimer)
        try durable.replace(timer, by: due, asOf: version)
    }
    func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) throws -> [PathwayTimer] {
        try alive().due(at: instant, limit: limit, excluding: excluded)
    }
    func timers(after stream: StreamID?, limit: Int) throws -> [PathwayTimer] { try alive().timers(after: stream, limit: limit) }
    func next() throws -> Instant? { try alive().next() }
    func ringAll(at instant: Instant) throws { try alive().ringAll(at: instant) }

    private func alive() throws -> any DeadlineStore {
        try crash.pass()
        return durable
    }
}
