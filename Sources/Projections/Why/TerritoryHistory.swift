import EventStore
import Pathways
import Synchronization
import Timekeeping

/// What the territory had published by a position, read from its stream alone.
///
/// Publications are read and parsed once: a log does not change. What is kept is bounded by what is looked at.
final class TerritoryHistory: Sendable {
    /// A version of a protocol, and where it was published.
    struct Publication {
        let position: Int64
        let followUpProtocol: FollowUpProtocol
    }

    private struct Known {
        var version: Int64 = 0
        /// Positions of the publications of the directory.
        var territories: [Int64] = []
        var protocols: [(position: Int64, id: String, version: Int)] = []
        var absences: [(position: Int64, event: DomainEvent)] = []
        var states = RecentCache<Int64, TerritoryState>(capacity: 4)
        var parsed = RecentCache<Int64, FollowUpProtocol>(capacity: 32)
    }

    private static let pageSize = 50

    private let stream: StreamID
    private let log: any EventReader
    private let sealer: any PayloadSealer
    private let known = Mutex(Known())

    init(stream: StreamID, log: any EventReader, sealer: any PayloadSealer) {
        self.stream = stream
        self.log = log
        self.sealer = sealer
    }

    /// The directory, with the absences declared by then; nil before its first publication.
    func territory(asOf position: Int64) throws -> Territory? {
        try known.withLock { known in
            try readOn(&known)
            guard let published = known.territories.last(where: { $0 <= position }) else { return nil }
            let absences = known.absences.prefix { $0.position <= position }
            let key = max(published, absences.last?.position ?? 0)
            if let state = known.states.value(for: key) { return state.territory }
            var state = TerritoryState()
            if case .territoryPublished(let body) = try event(at: published) { try state.evolve(with: body) }
            for absence in absences {
                switch absence.event {
                case .absenceDeclared(let body): state.evolve(with: body)
                case .absenceEnded(let body): state.evolve(with: body)
                default: break
                }
            }
            known.states.put(state, for: key)
            return state.territory
        }
    }

    /// The publication of a version of a protocol that was in force at a position; nil if the log holds none.
    func publication(of id: String, version: Int, asOf position: Int64) throws -> Publication? {
        try known.withLock { known in
            try readOn(&known)
            guard let found = known.protocols.last(where: { $0.position <= position && $0.id == id && $0.version == version }) else { return nil }
            if let parsed = known.parsed.value(for: found.position) {
                return Publication(position: found.position, followUpProtocol: parsed)
            }
            guard case .protocolPublished(let body) = try event(at: found.position),
                let parsed = try? ProtocolFile.parse(yaml: body.content, file: "protocol \(id)")
            else { return nil }
            known.parsed.put(parsed, for: found.position)
            return Publication(position: found.position, followUpProtocol: parsed)
        }
    }

    private func readOn(_ known: inout Known) throws {
        while true {
            let page = try log.read(stream: stream, fromVersion: known.version + 1, limit: Self.pageSize)
            for recorded in page {
                known.version = recorded.version
                switch try decode(recorded) {
                case .territoryPublished: known.territories.append(recorded.position)
                case .protocolPublished(let body): known.protocols.append((recorded.position, body.protocolID, body.version))
                case .absenceDeclared, .absenceEnded:
                    if let event = try decode(recorded) { known.absences.append((recorded.position, event)) }
                default: break
                }
            }
            if page.count < Self.pageSize { return }
        }
    }

    private func event(at position: Int64) throws -> DomainEvent? {
        try log.read(after: position - 1, limit: 1).first.flatMap { try decode($0) }
    }

    /// Nil for what a newer release wrote: it says nothing that this one could use.
    private func decode(_ event: RecordedEvent) throws -> DomainEvent? {
        guard let payload = try sealer.payload(of: event) else { return nil }
        return try? DomainEvent(type: event.type, payload: payload)
    }
}
