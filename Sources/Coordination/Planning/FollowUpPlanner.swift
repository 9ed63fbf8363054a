public import EventStore
import Foundation
import Pathways
import Timekeeping

/// The process manager that turns discharges and protocols into follow-ups and offers.
///
/// It decides nothing itself: it hands what is outside the pathway's stream (directory, patient's address, time) to
/// `PathwayCommand.reconcile`, as an ordinary command whose key is (causing event, manager, step). A crash and a second run plan nothing
/// twice: the key exists, and reconciling again would change nothing anyway.
public struct FollowUpPlanner: Sendable {
    /// `source` of the events it causes.
    public static let source = "urn:relais:follow-up-planner"
    static let scope = "follow-up-planner"

    private let coordinator: Coordinator

    public init(coordinator: Coordinator) { self.coordinator = coordinator }

    /// Whether an event of this type can change what is planned.
    public static func concerns(_ type: String) -> Bool { triggers.contains(type) || concernsPatient(type) }

    private static let triggers: Set<String> = [
        PatientDischarged.type, MovementHeld.type, PatientAdmitted.type, EmergencyVisitRegistered.type, StayPlanned.type, AdmissionAnnounced.type,
        ClassChanged.type,
        MovementCorrected.type, MovementCancelled.type, PathwayReassigned.type, ProtocolApplied.type, FollowUpDeclined.type,
        HomeReturnConfirmed.type, PathwayTakenOver.type,
    ]

    /// Whether an event of this type, of a patient's stream, can change what is planned in their pathways: a death, or who they are.
    static func concernsPatient(_ type: String) -> Bool { type == PatientIdentified.type || changesPerson(type) }

    /// Whether an event of this type can change which pathways are one person's.
    static func changesPerson(_ type: String) -> Bool { [PatientsMerged.type, MergeUndone.type, DossierMoved.type].contains(type) }

    /// - Parameters:
    ///   - stream: the pathway.
    ///   - cause: the event that made it necessary, if one did.
    ///   - step: distinguishes several works for one cause.
    @discardableResult
    public func reconcile(_ stream: StreamID, causedBy cause: EventID?, step: String) async throws -> Coordinator.Outcome {
        let now = coordinator.time.now()
        let author = Author(source: Self.source, occurredAt: now, causation: cause, correlation: cause)
        let key = CommandKey(
            scope: Self.scope,
            key: "\(cause?.description ?? stream.hex)/\(step)",
            body: [],
            match: .keyAlone
        )
        return try await coordinator.perform(key, remembersNothing: false) { work in
            let pathway = try work.pathway(stream)
            // Most triggers (an admission) ask for nothing.
            if pathway.followUps.isEmpty && pathway.stay.status != .discharged { return [] }
            try work.decide(.reconcile(try context(for: stream, now: now, in: &work)), on: stream, by: author)
            return []
        }
    }

    private func context(for stream: StreamID, now: Instant, in work: inout UnitOfWork) throws -> PlanningContext {
        let published = try work.recordedTerritory()
        guard let territory = published.state.territory, let zone = TimeZone(identifier: territory.timeZone) else {
            throw CoordinationError.noTerritory
        }
        let person = try Person(of: try work.pathway(stream).patientStream, in: work)
        let others = try person.pathways(in: work).filter { $0 != stream }
        let isDeceased = try person.isDeceased || others.contains { try work.readPathway($0).endedInDeath }
        // Whom the others told is part of the decision: two of them withdrawing at once must not both tell the same person.
        let told = isDeceased ? try others.reduce(into: Set()) { $0.formUnion(try work.pathway($1).toldOfDeath) } : []
        let assigner = Assigner(territory: territory, identity: person.identity, now: now)
        let streams = coordinator.streams
        return PlanningContext(
            now: now,
            timeZone: zone,
            directoryVersion: published.version,
            patientIsDeceased: isDeceased,
            toldOfDeath: told,
            identify: { streams.followUp(pathway: stream, rule: $0, movement: $1) },
            assign: { assigner.assign($0, $1, $2) }
        )
    }

    /// Brings the pathways of a person in line with whether they are dead: a death told of one visit, or of none, ends what is pending in all
    /// of them; one that is taken back brings back what is wanted.
    ///
    /// - Parameters:
    ///   - patient: any of the person's numbers.
    ///   - always: false spares the look at each pathway of those who were never said to be dead.
    public func reconcilePathways(of patient: StreamID, causedBy cause: EventID, always: Bool) async throws {
        let work = UnitOfWork(loader: coordinator.loader, ids: coordinator.ids, streams: coordinator.streams)
        let person = try Person(of: patient, in: work)
        guard always || person.wasStatedDeceased else { return }
        let pathways = try person.pathways(in: work).map { ($0, try coordinator.loader.pathway($0).state) }
        let isDeceased = person.isDeceased || pathways.contains { $0.1.endedInDeath }
        // For the dead, nothing may be pending; for the living, what is wanted may never have been planned.
        for (stream, pathway) in pathways
        where isDeceased ? pathway.followUps.contains(where: \.status.isPending) : pathway.stay.status == .discharged {
            try await reconcile(stream, causedBy: cause, step: "death/\(stream.hex)")
        }
    }

    /// What else follows from where a pathway stands.
    struct Consequences: Sendable {
        /// When its home return must be known at the latest, if it is awaited.
        let homeReturnLimit: Instant?
        /// Its patient, if it said something of a death: that concerns their other pathways.
        let patientToTell: StreamID?
    }

    func consequences(of stream: StreamID) throws -> Consequences {
        let pathway = try coordinator.loader.pathway(stream).state
        return Consequences(
            homeReturnLimit: try homeReturnLimit(pathway),
            patientToTell: pathway.history.mentionsDeath ? pathway.patientStream : nil
        )
    }

    private func homeReturnLimit(_ pathway: Pathway) throws -> Instant? {
        let published = try coordinator.loader.territory(coordinator.streams.territory)
        guard let territory = published.state.territory, let zone = TimeZone(identifier: territory.timeZone) else { return nil }
        return pathway.homeReturnLimit(under: published.state.protocols, in: zone)
    }
}
