public import Coordination
public import EventStore
public import Pathways
import Synchronization
public import Timekeeping

/// The past as a log holds it. Remembers the streams that were read last, as long as nothing was recorded in them since: an erasure is
/// recorded in each stream that it takes away.
public final class RecordedPast: LogPast {
    private static let pageSize = 200
    private static let capacity = 512

    private enum Content: Sendable {
        case said(DomainEvent)
        case erased
        /// Nothing that texts speak of, or of a later release.
        case other
    }

    private struct Entry: Sendable {
        let id: String
        let position: Int64
        let content: Content
    }

    private struct Tale: Sendable {
        var version: Int64 = 0
        var entries: [Entry] = []
    }

    private let reader: any EventReader
    private let sealer: any PayloadSealer
    private let territoryStream: StreamID
    private let tales = Mutex<[StreamID: Tale]>([:])
    /// By the number of events that they are folded of.
    private let territories = Mutex<[Int: Territory]>([:])

    public init(reader: any EventReader, sealer: any PayloadSealer, streams: StreamNames) {
        self.reader = reader
        self.sealer = sealer
        territoryStream = streams.territory
    }

    public func pathway(_ stream: String, at position: Int64) throws -> PathwayPast? {
        var pathway = Pathway()
        var events: [(id: String, event: PathwayEvent)] = []
        for entry in try entries(of: stream, upTo: position) {
            switch entry.content {
            case .said(.pathway(let event)):
                pathway.evolve(with: event)
                events.append((entry.id, event))
            case .erased, .said(.streamErased): return nil
            default: break
            }
        }
        return PathwayPast(pathway, events: events)
    }

    public func patient(_ stream: String, at position: Int64) throws -> Patient {
        var patient = Patient(stream: stream)
        for entry in try entries(of: stream, upTo: position) {
            if case .said(let event) = entry.content { patient.evolve(with: event) }
        }
        return patient
    }

    public func undeliverable(_ event: String, since at: Instant, upTo position: Int64) throws -> MessageUndeliverable? {
        var cursor = try lastPosition(recordedBefore: at, upTo: position)
        while cursor < position {
            let page = try reader.read(after: cursor, limit: Self.pageSize)
            if let found = page.first(where: { $0.id.description == event }) {
                guard found.position <= position else { break }
                switch try content(of: found) {
                case .said(.messageUndeliverable(let body)): return body
                case .erased: return nil
                default: throw RenderingError.eventMissing(id: event)
                }
            }
            guard let last = page.last else { break }
            cursor = last.position
        }
        throw RenderingError.eventMissing(id: event)
    }

    public func territory(at position: Int64) throws -> Territory? {
        let entries = try tale(of: territoryStream).entries.prefix { $0.position <= position }
        if let known = territories.withLock({ $0[entries.count] }) { return known }
        var state = TerritoryState()
        for entry in entries {
            switch entry.content {
            case .said(.territoryPublished(let body)): try state.evolve(with: body)
            case .said(.absenceDeclared(let body)): state.evolve(with: body)
            case .said(.absenceEnded(let body)): state.evolve(with: body)
            default: break
            }
        }
        guard let territory = state.territory else { return nil }
        territories.withLock { known in
            // A repeat looks at an old directory; nearly everything looks at the last one.
            if known.count >= 8 { known = [:] }
            known[entries.count] = territory
        }
        return territory
    }

    // MARK: - Reading

    private func entries(of stream: String, upTo position: Int64) throws -> ArraySlice<Entry> {
        guard let stream = StreamID(hex: stream) else { throw RenderingError.notAStream(stream) }
        return try tale(of: stream).entries.prefix { $0.position <= position }
    }

    private func tale(of stream: StreamID) throws -> Tale {
        let known = tales.withLock { $0[stream] } ?? Tale()
        if known.version > 0, try reader.version(of: stream) == known.version { return known }
        let fresh = try read(stream, from: known)
        let isErased = fresh.entries.dropFirst(known.entries.count).contains {
            if case .said(.streamErased) = $0.content { true } else { false }
        }
        // What was read before an erasure is remembered no more.
        let tale = isErased && known.version > 0 ? try read(stream, from: Tale()) : fresh
        tales.withLock { tales in
            if tales.count >= Self.capacity { tales = [:] }
            tales[stream] = tale.version > 0 ? tale : nil
        }
        return tale
    }

    private func read(_ stream: StreamID, from known: Tale) throws -> Tale {
        var tale = known
        while true {
            let page = try reader.read(stream: stream, fromVersion: tale.version + 1, limit: Self.pageSize)
            for event in page {
                tale.entries.append(Entry(id: event.id.description, position: event.position, content: try content(of: event)))
                tale.version = event.version
            }
            if page.count < Self.pageSize { return tale }
        }
    }

    private func content(of event: RecordedEvent) throws -> Content {
        // Files that are read by others are long.
        if event.type == ProtocolPublished.type || event.type == SiteProfilePublished.type { return .other }
        do {
            guard let payload = try sealer.payload(of: event) else { return .erased }
            return try DomainEvent(type: event.type, payload: payload).map { .said($0) } ?? .other
        } catch let error as EventStoreError {
            throw error
        } catch {
            throw CoordinationError.unreadable(position: event.position, type: event.type, problem: "\(error)")
        }
    }

    /// By halves: the log never goes back in time.
    private func lastPosition(recordedBefore instant: Instant, upTo position: Int64) throws -> Int64 {
        var (low, high) = (Int64(0), max(position, 0))
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let event = try reader.read(after: middle - 1, limit: 1).first, event.recordedAt < instant else {
                high = middle - 1
                continue
            }
            low = middle
        }
        return low
    }
}
