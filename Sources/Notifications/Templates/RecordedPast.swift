public import Coordination
public import EventStore
public import Pathways
import Synchronization
public import Timekeeping

/// The past as a log holds it. Remembers the streams that were read last, so many as fit into a few megabytes, as long as nothing was recorded
/// in them since: an erasure is recorded in each stream that it takes away.
public final class RecordedPast: LogPast {
    private static let pageSize = 200
    /// Bytes of each generation of what is remembered.
    private static let capacity = 16 << 20

    private let reader: any EventReader
    private let sealer: any PayloadSealer
    private let territoryStream: StreamID
    private let tales = StateCache<Tale>(capacity: capacity) { $0.footprint }
    /// By the number of events that they are folded of.
    private let territories = Mutex<[Int: Territory]>([:])

    public init(reader: any EventReader, sealer: any PayloadSealer, streams: StreamNames) {
        self.reader = reader
        self.sealer = sealer
        territoryStream = streams.territory
    }

    public func pathway(_ stream: String, at position: Int64, telling news: News?) throws -> PathwayPast? {
        let (stream, tale) = try tale(named: stream)
        var events: [(version: Int64, id: EventID, event: PathwayEvent)] = []
        for entry in tale.entries(upTo: position) {
            switch entry.content {
            case .said(.pathway(let event)): events.append((entry.version, entry.id, event))
            case .erased, .said(.streamErased): return nil
            default: break
            }
        }
        var wanted = Set([news?.followUp].compactMap(\.self) + events.flatMap(\.event.followUpsMentioned))
        var read: Set<Int64> = []
        if let told = news.flatMap({ EventID($0.key.event) }), let version = tale.version(of: told, upTo: position) {
            guard let event = try event(version, of: stream) else { return nil }
            wanted.formUnion(event.event.followUpsMentioned)
            events.append(event)
            read.insert(version)
        }
        for version in tale.versions(about: wanted, upTo: position) where news != nil && read.insert(version).inserted {
            guard let event = try event(version, of: stream) else { return nil }
            events.append(event)
        }
        events.sort { $0.version < $1.version }
        return PathwayPast(Pathway(folding: events.map(\.event)), events: events.map { ($0.id.description, $0.event) })
    }

    public func patient(_ stream: String, at position: Int64) throws -> Patient {
        var patient = Patient(stream: stream)
        for entry in try tale(named: stream).tale.entries(upTo: position) {
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

    private func tale(named hex: String) throws -> (stream: StreamID, tale: Tale) {
        guard let stream = StreamID(hex: hex) else { throw RenderingError.notAStream(hex) }
        return (stream, try tale(of: stream))
    }

    private func tale(of stream: StreamID) throws -> Tale {
        let known = tales[stream] ?? Recorded(Tale(), version: 0)
        if known.version > 0, try reader.version(of: stream) == known.version { return known.state }
        let fresh = try read(stream, from: known)
        let isErased = fresh.state.entries.dropFirst(known.state.entries.count).contains {
            if case .said(.streamErased) = $0.content { true } else { false }
        }
        // What was read before an erasure is remembered no more.
        if isErased { tales.remove(stream) }
        let tale = isErased && known.version > 0 ? try read(stream, from: Recorded(Tale(), version: 0)) : fresh
        if tale.version > 0 { tales.insert(tale, for: stream) }
        return tale.state
    }

    private func read(_ stream: StreamID, from known: Recorded<Tale>) throws -> Recorded<Tale> {
        var tale = known
        while true {
            let page = try reader.read(stream: stream, fromVersion: tale.version + 1, limit: Self.pageSize)
            for event in page {
                tale.state.append(event, try content(of: event))
                tale.version = event.version
            }
            if page.count < Self.pageSize { return tale }
        }
    }

    /// Nil if it was erased since its stream was read.
    private func event(_ version: Int64, of stream: StreamID) throws -> (version: Int64, id: EventID, event: PathwayEvent)? {
        guard let found = try reader.read(stream: stream, fromVersion: version, limit: 1).first, found.version == version,
            case .said(.pathway(let event)) = try content(of: found)
        else { return nil }
        return (version, found.id, event)
    }

    private func content(of event: RecordedEvent) throws -> Tale.Content {
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
