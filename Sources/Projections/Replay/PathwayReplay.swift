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

        func includes(_ event: RecordedEvent) -> Bool {
            switch self {
            case .now: return true
            case .position(let position): return event.position <= position
            case .recordedAt(let instant): return event.recordedAt <= instant
            case .occurredBy(let instant):
                return event.type == MovementCancelled.type || event.time <= instant
            }
        }
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
        var pathway = Pathway()
        var events: [Replayed.Event] = []
        try forEach(stream, until) { event, decoded in
            events.append(Replayed.Event(event, isErased: decoded == nil))
            if case .pathway(let body) = decoded { pathway.evolve(with: body) }
        }
        if events.isEmpty { return nil }
        var patient = Patient()
        if let identity = pathway.reference.flatMap({ StreamID(hex: $0.patientStream) }) {
            try forEach(identity, until) { _, decoded in
                if let decoded { patient.evolve(with: decoded) }
            }
        }
        return Replayed(stream: stream, pathway: pathway, patient: patient, events: events, now: now, referent: referent)
    }

    private func forEach(_ stream: StreamID, _ until: Until, _ body: (RecordedEvent, DomainEvent?) -> Void) throws {
        var version: Int64 = 1
        while true {
            let page = try reader.read(stream: stream, fromVersion: version, limit: Self.pageSize)
            for event in page where until.includes(event) { body(event, try decode(event)) }
            guard page.count == Self.pageSize, let last = page.last else { return }
            version = last.version + 1
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
