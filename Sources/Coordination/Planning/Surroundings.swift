import EventStore
import Foundation
import Pathways
import Timekeeping

/// What the planner knows at one moment that is in no pathway: the directory and who is away, the loads, the time.
struct Surroundings: Sendable {
    private let now: Instant
    private let territory: Territory
    private let timeZone: TimeZone
    private let directoryVersion: Int64
    private let loads: Loads

    /// - Throws: `CoordinationError.noTerritory`.
    init(at now: Instant, loads: Loads, in work: inout UnitOfWork) throws {
        let published = try work.recordedTerritory()
        guard let territory = published.state.territory, let zone = TimeZone(identifier: territory.timeZone) else {
            throw CoordinationError.noTerritory
        }
        self.now = now
        self.territory = territory
        self.loads = loads
        timeZone = zone
        directoryVersion = published.version
    }

    /// - Parameter others: the other pathways of the person.
    func context(for stream: StreamID, _ pathway: Pathway, of person: Person, among others: [Pathway], streams: StreamNames) -> PlanningContext {
        let isDeceased = person.isDeceased || others.contains(where: \.endedInDeath)
        let readmission = Readmission(after: pathway, among: others)
        let assigner = Assigner(territory: territory, identity: person.identity, now: now, loads: loads)
        return PlanningContext(
            now: now,
            timeZone: timeZone,
            directoryVersion: directoryVersion,
            loadPosition: loads.position,
            quietHours: territory.quietHours,
            referent: territory.referent.rpps.value,
            patientIsDeceased: isDeceased,
            toldOfDeath: isDeceased ? others.reduce(into: []) { $0.formUnion($1.toldOfDeath) } : [],
            readmittedAt: readmission.since,
            plannedElsewhere: readmission.plannedSince,
            identify: { streams.followUp(pathway: stream, rule: $0, movement: $1) },
            assign: { assigner.assign($0) },
            isAvailable: { assigner.isAvailable($0) }
        )
    }
}
