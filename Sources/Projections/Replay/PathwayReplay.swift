public import EventStore
import Pathways
public import Timekeeping

/// Tells a pathway again, straight from the log: no view is asked.
public struct PathwayReplay: Sendable {
    /// How much of the story.
    public enum Until: Hashable, Sendable {
        /// All that is recorded.
        case now
        /// As it stood at this position of the log.
        case position(Int64)
        /// As it was known at this instant.
        case recordedAt(Instant)
        /// What had happened by this instant, as known now: a movement that was taken back since never happened.
        case occurredBy(Instant)
    }

    private static let pageSize = 200

    private let reader: any EventReader
    private let sealer: any PayloadSealer

    public init(reader: any EventReader, sealer: any PayloadSealer) {
        self.reader = reader
        self.sealer = sealer
    }

    /// - Parameters:
    ///   - stream: the pathway.
    ///   - now: what lateness is computed from.
    ///   - referent: RPPS of the référent-parcours, who owns what nobody has accepted; nil if no territory is published.
    /// - Returns: nil if nothing of this pathway was recorded, or had happened, up to there.
    /// - Throws: `ReplayError.unreadable`; what the log and the sealer throw.
    public func run(stream: StreamID, until: Until, now: Instant, referent: String?) throws -> Replayed? {
        let story = try story(of: stream, until)
        if story.isEmpty { return nil }
        var pathway = Pathway()
        for case .pathway(let body) in story.compactMap(\.decoded) { pathway.evolve(with: body) }
        let person = try pathway.reference.flatMap { StreamID(hex: $0.patientStream) }.map { patient in
            try PersonStory(of: patient) { try self.story(of: $0, until).compactMap(\.decoded) }
        }
        let isDeceased = try person.map { try $0.isDeceased || endedInDeath(another: stream, $0, until) } ?? false
        let events = story.map { Replayed.Event($0.event, isErased: $0.decoded == nil) }
        return Replayed(stream: stream, pathway: pathway, person: person, isDeceased: isDeceased, events: events, now: now, referent: referent)
    }

    /// Whether another visit of the same person ended in death: that is said of the visit alone.
    private func endedInDeath(another stream: StreamID, _ person: PersonStory, _ until: Until) throws -> Bool {
        try person.pathways.contains { other in
            guard other != stream else { return false }
            var pathway = Pathway()
            for case .pathway(let body) in try story(of: other, until).compactMap(\.decoded) { pathway.evolve(with: body) }
            return pathway.endedInDeath && person.owns(pathway)
        }
    }

    /// An event, and what it says; nil if it was erased.
    private typealias Told = (event: RecordedEvent, decoded: DomainEvent?)

    private func story(of stream: StreamID, _ until: Until) throws -> [Told] {
        let all = try events(of: stream).filter { event in
            switch until {
            case .now, .occurredBy: true
            case .position(let position): event.position <= position
            case .recordedAt(let instant): event.recordedAt <= instant
            }
        }
        let told = try all.map { (event: $0, decoded: try decode($0)) }
        guard case .occurredBy(let instant) = until else { return told }
        let hindsight = Hindsight(told.compactMap(\.decoded))
        return told.filter { hindsight.includes($0.event, $0.decoded, by: instant) }
    }

    private func events(of stream: StreamID) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try reader.read(stream: stream, fromVersion: (events.last?.version ?? 0) + 1, limit: Self.pageSize)
            events += page
            if page.count < Self.pageSize { return events }
        }
    }

    /// Nil for an event that was erased, or whose type a newer release wrote.
    private func decode(_ event: RecordedEvent) throws -> DomainEvent? {
        guard let payload = try sealer.payload(of: event) else { return nil }
        do {
            return try DomainEvent(type: event.type, payload: payload)
        } catch {
            throw ReplayError.unreadable(position: event.position, type: event.type, problem: error.description)
        }
    }
}
