public import EventStore
import Pathways
import Timekeeping

/// The process manager that hands a pathway over when the patient's home turns out to be in another territory of this process.
///
/// The new log comes first, the old one second, each in one atomic append under a key made of the last event that was taken into account.
/// Broken off in between, the next run finds the take-over and only completes it, whatever has been said of the address since; run twice,
/// it does nothing. The old log is closed on exactly the versions that were told to the new one, so that no late report is lost between.
public struct HandOver: Sendable {
    /// `source` of the events it causes.
    public static let source = "urn:relais:hand-over"
    static let scope = "hand-over"
    private static let attempts = 12

    /// What came of looking at a pathway.
    public enum Result: Sendable, Hashable {
        /// Nothing to hand over: the home is here, or nobody knows where, or nothing is left to do.
        case stays
        case handedOver(to: String)
    }

    private let territories: [ServedTerritory]
    private let routes: FeedRoutes

    /// - Parameter routes: a pathway goes only to territories that the feed of its hospital may concern.
    public init(_ territories: [ServedTerritory], routes: FeedRoutes = FeedRoutes()) {
        self.territories = territories
        self.routes = routes
    }

    /// Hands a pathway over if its patient lives in the territory of another.
    ///
    /// - Parameter territory: the id of the one that keeps it.
    /// - Throws: `Rejection` if the other territory cannot take it (the visit is known there for another patient); `EventStoreError`,
    ///   `CoordinationError`, `HandOverError` if either log fails. Nothing is lost then: call it again.
    public func settle(_ pathway: StreamID, of territory: String) async throws -> Result {
        guard let old = territories.first(where: { $0.id == territory }) else { return .stays }
        for _ in 0..<Self.attempts {
            guard let story = try PathwayStory(of: pathway, in: old), story.pathway.handedOver == nil else { return .stays }
            let others = routes.candidates(ofHospital: story.reference.visit.authority, among: territories).filter { $0.id != old.id }
            guard let new = try begun(story, from: old, among: others) ?? destination(of: story, from: old, among: others) else { return .stays }
            let takeOver = try await takeOver(story, from: old, by: new)
            if try await handOver(story, from: old, to: new, takeOver) { return .handedOver(to: new.id) }
        }
        throw CoordinationError.tooMuchContention
    }

    /// The territory that goes on with the pathway already, after a hand-over that was broken off before the old log heard of it.
    private func begun(_ story: PathwayStory, from old: ServedTerritory, among others: [ServedTerritory]) throws -> ServedTerritory? {
        for other in others {
            var holder = other
            guard var held = try Self.held(story, by: holder), let taken = held.takenOver else { continue }
            guard taken.from == old.id, taken.number > story.pathway.handOverNumber else { continue }
            // It may have gone further since.
            while let onward = held.handedOver?.to, let next = others.first(where: { $0.id == onward }), let state = try Self.held(story, by: next),
                state.handOverNumber > held.handOverNumber
            {
                (holder, held) = (next, state)
            }
            return holder
        }
        return nil
    }

    /// Nil if nothing is known there.
    private static func held(_ story: PathwayStory, by territory: ServedTerritory) throws -> Pathway? {
        let stream = territory.coordinator.streams.pathway(story.reference.visit)
        guard try territory.coordinator.log.version(of: stream) > 0 else { return nil }
        return try territory.coordinator.loader.pathway(stream).state
    }

    /// Nil unless the home is certainly elsewhere: in a commune of another candidate, and in none of this territory's.
    private func destination(of story: PathwayStory, from old: ServedTerritory, among others: [ServedTerritory]) throws -> ServedTerritory? {
        guard story.pathway.isOpen, let home = story.home else { return nil }
        if try old.published()?.isHome(home) != false { return nil }
        return try others.first { try $0.published()?.isHome(home) == true }
    }

    // MARK: - The two appends

    /// - Returns: the id of the take-over, in the new log.
    private func takeOver(_ story: PathwayStory, from old: ServedTerritory, by new: ServedTerritory) async throws -> EventID {
        let coordinator = new.coordinator
        let reference = coordinator.streams.reference(visit: story.reference.visit, patient: story.reference.patient)
        let stream = coordinator.streams.pathway(reference.visit)
        let author = Author(source: Self.source, occurredAt: coordinator.time.now(), correlation: story.last.id)
        let event = PathwayTakenOver(
            pathway: reference,
            from: old.id,
            position: story.last.position,
            event: story.last.id.description,
            number: story.pathway.handOverNumber + 1
        )
        _ = try await coordinator.perform(key(story, "take-over")) { work in
            try story.tell(event, to: &work, by: author)
            return []
        }
        return try Self.lastTakeOver(stream, in: new)
    }

    /// - Returns: false if the old log has learned something since: it must be told too before the pathway is closed.
    private func handOver(_ story: PathwayStory, from old: ServedTerritory, to new: ServedTerritory, _ takeOver: EventID) async throws -> Bool {
        let author = Author(source: Self.source, occurredAt: old.coordinator.time.now(), causation: story.last.id, correlation: story.last.id)
        let event = PathwayHandedOver(to: new.id, reason: .moved, event: takeOver.description)
        do {
            _ = try await old.coordinator.perform(key(story, "hand-over")) { work in
                _ = try work.pathway(story.stream)
                for patient in story.patientStreams { _ = try work.patient(patient) }
                guard work.loadedVersions.allSatisfy({ story.versions[$0.0] == $0.1 }) else { throw MovedOn() }
                try work.decide(.handOver(event), on: story.stream, by: author)
                return []
            }
            return true
        } catch is MovedOn {
            return false
        }
    }

    /// The streams are not those any more that were told.
    private struct MovedOn: Error {}

    private func key(_ story: PathwayStory, _ step: String) -> CommandKey {
        CommandKey(scope: Self.scope, key: "\(story.last.id)/\(story.stream.hex)/\(step)", body: [], match: .keyAlone)
    }

    private static func lastTakeOver(_ stream: StreamID, in territory: ServedTerritory) throws -> EventID {
        let pageSize = 200
        var found: EventID?
        var version: Int64 = 0
        while true {
            let page = try territory.coordinator.log.read(stream: stream, fromVersion: version + 1, limit: pageSize)
            found = page.last { $0.type == PathwayTakenOver.type }?.id ?? found
            version = page.last?.version ?? version
            if page.count < pageSize { break }
        }
        guard let found else { throw HandOverError.takeOverMissing(territory: territory.id) }
        return found
    }
}
