public import EventStore
import Pathways

/// Looks at each pathway of one territory when the hospital states something of its visit or of its patient, and hands over those whose
/// home is elsewhere. One per territory, where there are several.
///
/// A pathway that cannot be handed over now (the other log refuses) waits, visibly, and holds up no other: `retryWaiting` looks at it again.
public struct HandOverFollower: Follower {
    public let name = "hand-over"

    private static let ofPathways: Set<String> = [
        StayPlanned.type, PatientAdmitted.type, EmergencyVisitRegistered.type, PatientTransferred.type, PatientDischarged.type,
        AdmissionAnnounced.type, ClassChanged.type, TransferAnnounced.type, AttendingChanged.type, LeaveStarted.type, LeaveEnded.type,
        DischargeAnnounced.type, MovementCorrected.type, MovementCancelled.type, MovementHeld.type, PathwayReassigned.type, PathwayTakenOver.type,
    ]

    private static let ofPatients: Set<String> = [
        PatientIdentified.type, IdentityCorrected.type, PatientsMerged.type, MergeUndone.type, DossierMoved.type,
    ]

    private let territory: ServedTerritory
    private let handOver: HandOver
    private let store: HandOverStore

    /// - Parameters:
    ///   - territory: the one whose log it follows.
    ///   - store: of that territory's data directory.
    public init(_ territory: ServedTerritory, handOver: HandOver, store: HandOverStore) {
        self.territory = territory
        self.handOver = handOver
        self.store = store
    }

    public func loadCheckpoint() async throws -> FollowerCheckpoint { try store.checkpoint() }

    public func handle(_ page: EventPage) async throws {
        let touched = Set(page.events.filter { Self.ofPathways.contains($0.type) }.map(\.stream))
        let stated = Set(page.events.filter { Self.ofPatients.contains($0.type) }.map(\.stream))
        let patients = Set(try stated.flatMap(person))
        var links: [StreamID: StreamID] = [:]
        for pathway in touched { links[pathway] = try patient(of: pathway) }
        let concerned = touched.union(try store.pathways(of: patients))
        var waiting: [HandOverStore.Waiting] = []
        for pathway in concerned.sorted() {
            if let problem = try await settle(pathway) {
                waiting.append(.init(pathway: pathway, position: page.checkpoint.position, problem: problem))
            }
        }
        try store.advance(to: page.checkpoint, links: links, waiting: waiting)
    }

    /// Looks again at what waits.
    /// - Returns: how many pathways wait no more.
    @discardableResult
    public func retryWaiting() async throws -> Int {
        var settled = 0
        for item in try store.waiting() where try await settle(item.pathway) == nil {
            try store.finish(item)
            settled += 1
        }
        return settled
    }

    /// Looks again after each `pause`, until cancelled. Trouble with the store is reported and tried again.
    public func retry(pause: @Sendable () async throws -> Void, report: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do { try await retryWaiting() } catch { report(error) }
            do { try await pause() } catch { return }
        }
    }

    /// What is said of one number of a person may concern the visits of another.
    private func person(of patient: StreamID) throws -> [StreamID] {
        do {
            return try territory.coordinator.loader.person(of: patient)
        } catch is CoordinationError {
            return [patient]
        }
    }

    /// A pathway that cannot be read is linked to nobody: that it waits says so.
    private func patient(of pathway: StreamID) throws -> StreamID? {
        do {
            return try territory.coordinator.loader.pathway(pathway).state.reference.flatMap { StreamID(hex: $0.patientStream) }
        } catch is CoordinationError {
            return nil
        }
    }

    /// - Returns: why it must wait; nil if it need not.
    private func settle(_ pathway: StreamID) async throws -> String? {
        do {
            _ = try await handOver.settle(pathway, of: territory.id)
            return nil
        } catch let error as CancellationError {
            throw error
        } catch let rejection as Rejection {
            // Its words may name what the hospital sent.
            return "refused: \(rejection.code.rawValue)"
        } catch let error as EventStoreError {
            return error.description
        } catch let error as CoordinationError {
            return error.description
        } catch let error as HandOverError {
            return error.description
        } catch {
            return "\(type(of: error))"
        }
    }
}
