import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// At which moment a read looks: now, at a position of the log, or as was known at an instant.
struct AsOf {
    /// Nil = as far as the views have come.
    let position: Int64?
    /// What lateness is computed from.
    let now: Instant

    /// - Throws: `Problem` 400 if both `at` and `position` are given; 409 for a position that the log has not.
    init(_ request: Request, _ services: WebServices) throws {
        let query = QueryReader(request)
        let position = try query.position()
        let log = services.coordinator.log
        if let instant = try query.instant("at") {
            guard position == nil else { throw Problem.malformed(parameter: "at", "and position exclude each other") }
            self.position = try LogClock.position(at: instant, in: log)
            now = instant
            return
        }
        guard let position else {
            self.position = nil
            now = services.time.now()
            return
        }
        let head = try log.head().position
        guard position <= head else {
            throw Problem(.conflict, "position-unknown", "The log has no such position", "position is \(position), the log ends at \(head).")
        }
        self.position = position
        // The list as its reader saw it: late was what was late then.
        now = position == 0 ? services.time.now() : try log.read(after: position - 1, limit: 1).first?.recordedAt ?? services.time.now()
    }
}

extension Request {
    /// The pathway that the path names.
    /// - Throws: `Problem` 404 for what is no id.
    func pathway(_ context: WebContext) throws(Problem) -> StreamID {
        guard let id = context.parameters.get("id").flatMap({ StreamID(hex: $0) }) else { throw .unknownPathway }
        return id
    }
}
