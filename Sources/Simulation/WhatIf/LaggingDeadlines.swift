import Coordination
import EventStore
import Timekeeping

/// Timers that ring as late as they did in history, where it met the same deadline of the same pathway; else as late as usual.
struct LaggingDeadlines: DeadlineStore {
    /// A deadline of a pathway.
    struct Key: Hashable, Sendable {
        let stream: StreamID
        /// Milliseconds since 1970.
        let due: Int64
    }

    private let timers = InMemoryDeadlineStore()
    private let met: [Key: Instant]
    private let usualLag: Int64

    /// - Parameters:
    ///   - met: when history met which deadline.
    ///   - usualLag: milliseconds.
    init(met: [Key: Instant], usualLag: Int64) {
        self.met = met
        self.usualLag = usualLag
    }

    private func rings(_ due: Instant, _ stream: StreamID) -> Instant {
        max(due, met[Key(stream: stream, due: due.millisecondsSinceEpoch)] ?? due.adding(milliseconds: usualLag))
    }

    func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) {
        timers.set(due.map { rings($0, stream) }, for: stream, asOf: version)
    }
    func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) {
        timers.replace(timer, by: due.map { rings($0, timer.stream) }, asOf: version)
    }
    func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) -> [PathwayTimer] {
        timers.due(at: instant, limit: limit, excluding: excluded)
    }
    func timers(after stream: StreamID?, limit: Int) -> [PathwayTimer] { timers.timers(after: stream, limit: limit) }
    func next() -> Instant? { timers.next() }
    func ringAll(at instant: Instant) { timers.ringAll(at: instant) }
}
