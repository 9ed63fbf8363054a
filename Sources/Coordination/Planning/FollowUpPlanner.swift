public import EventStore
import Foundation
import Pathways
public import Timekeeping

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
    public static func concerns(_ type: String) -> Bool { triggers.contains(type) }

    private static let triggers: Set<String> = [
        PatientDischarged.type, PatientAdmitted.type, EmergencyVisitRegistered.type, StayPlanned.type, MovementCancelled.type,
        ProtocolApplied.type, FollowUpDeclined.type, HomeReturnConfirmed.type, PathwayTakenOver.type,
    ]

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
        let patient = try work.pathway(stream).patientStream
        let assigner = Assigner(territory: territory, identity: try patient.flatMap { try work.readPatient($0) }?.identity, now: now)
        let streams = coordinator.streams
        return PlanningContext(
            now: now,
            timeZone: zone,
            directoryVersion: published.version,
            identify: { streams.followUp(pathway: stream, rule: $0, movement: $1) },
            assign: { assigner.assign($0, $1, $2) }
        )
    }

    /// When the home return of this pathway must be known at the latest, if it is awaited.
    public func homeReturnLimit(_ stream: StreamID) throws -> Instant? {
        let published = try coordinator.loader.territory(coordinator.streams.territory)
        guard let territory = published.state.territory, let zone = TimeZone(identifier: territory.timeZone) else { return nil }
        return try coordinator.loader.pathway(stream).state.homeReturnLimit(under: published.state.protocols, in: zone)
    }
}
