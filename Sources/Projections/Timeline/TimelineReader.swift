public import EventStore
import Pathways

/// Reads pathway timelines, as they stand or as they stood, and finds pathways.
public struct TimelineReader: Sendable {
    private let views: Views
    private let log: any EventReader
    private let sealer: any PayloadSealer
    private let directory: DirectoryReader

    /// - Parameter log: where the events themselves are read.
    public init(views: Views, log: any EventReader, sealer: any PayloadSealer) {
        self.views = views
        self.log = log
        self.sealer = sealer
        directory = DirectoryReader(views: views)
    }

    /// - Parameter position: as it stood there; nil = as far as the view has come.
    /// - Returns: nil if nothing of this pathway was recorded up to there.
    /// - Throws: `ViewError.behind`; what the log throws.
    public func timeline(of pathway: StreamID, asOf position: Int64? = nil) throws -> Timeline? {
        try views.read { connection -> Timeline? in
            let position = try connection.position(of: TimelineProjection.name, asOf: position)
            let look = try connection.statement(Self.pathway)
            try look.bind(1, pathway)
            look.bind(2, position)
            let found = try look.first { (authority: $0.string(0), visit: $0.string(1)) }
            let patient = try owner(of: pathway, connection, position)
            // One person may have several numbers, each with a story of its own.
            let person = try patient.map { try PersonLookup(connection, asOf: position).person(of: $0) } ?? []
            let positions = try Set(([pathway] + person).flatMap { try self.positions(of: $0, connection, position) }).sorted()
            guard !positions.isEmpty else { return nil }
            let names = names(connection, position)
            let told = try positions.compactMap { try tell(at: $0) }
            var retracted: [String: RetractionReason] = [:]
            var opposed: Set<StreamID> = []
            for case (let stream, .read(let event)) in told.map({ ($0.event.stream, $0.content) }) {
                switch event {
                case .pathway(.entryRetracted(let body)): retracted[body.event] = body.reason
                case .oppositionRecorded: opposed.insert(stream)
                case .oppositionLifted: opposed.remove(stream)
                default: break
                }
            }
            return Timeline(
                pathway: pathway,
                facility: found?.authority,
                visit: found?.visit,
                patient: patient,
                position: position,
                entries: told.map { entry($0, retracted, names) },
                isIdentityMasked: !opposed.isEmpty
            )
        }
    }

    /// The pathways of a visit number (PV1-19); several if no facility is named and several use the same number.
    public func pathways(visit: String, facility: String? = nil) throws -> [StreamID] {
        try views.read { connection in
            let look = try connection.statement(facility == nil ? Self.byVisit : Self.byVisitAndFacility)
            look.bind(1, visit)
            if let facility { look.bind(2, facility) }
            return try Self.streams(look)
        }
    }

    /// The pathway that a follow-up belongs to.
    public func pathway(ofFollowUp id: String) throws -> StreamID? {
        try views.read { connection in
            let look = try connection.statement(Self.byFollowUp)
            look.bind(1, id)
            return try Self.streams(look).first
        }
    }

    /// The pathways of the person whom a patient's stream is about, under whichever number, oldest first.
    public func pathways(ofPatient patient: StreamID) throws -> [StreamID] {
        try views.read { connection in
            let links = try PersonLookup(connection, asOf: try connection.position(of: TimelineProjection.name))
            let look = try connection.statement(Self.byPatient)
            let found = try links.person(of: patient).flatMap { number in
                try look.bind(1, number)
                return try look.rows { (from: $0.int64(1), stream: try Self.stream($0)) }
            }
            return found.sorted { $0.from < $1.from }.map(\.stream)
        }
    }

    private func owner(of pathway: StreamID, _ connection: ViewConnection, _ position: Int64) throws -> StreamID? {
        let look = try connection.statement(Self.owner)
        try look.bind(1, pathway)
        look.bind(2, position)
        return try look.first { try $0.stream(0) }.flatMap(\.self)
    }

    private func positions(of stream: StreamID, _ connection: ViewConnection, _ position: Int64) throws -> [Int64] {
        let look = try connection.statement(Self.events)
        try look.bind(1, stream)
        look.bind(2, position)
        return try look.rows { $0.int64(0) }
    }

    // MARK: - Queries

    static let pathway = "SELECT authority, visit FROM timeline_pathway WHERE stream = ?1 AND from_position <= ?2"
    static let owner = "SELECT patient FROM timeline_owner WHERE stream = ?1 AND from_position <= ?2 ORDER BY from_position DESC LIMIT 1"
    static let events = "SELECT position FROM timeline_event WHERE stream = ?1 AND position <= ?2"
    static let byVisit = "SELECT stream FROM timeline_pathway WHERE visit = ?1 ORDER BY from_position"
    static let byVisitAndFacility = "SELECT stream FROM timeline_pathway WHERE visit = ?1 AND authority = ?2 ORDER BY from_position"
    /// Those that are this patient's today.
    static let byPatient = """
        SELECT stream, from_position FROM timeline_owner AS o WHERE patient = ?1
            AND from_position = (SELECT max(from_position) FROM timeline_owner WHERE stream = o.stream)
        """
    static let byFollowUp = "SELECT stream FROM timeline_follow_up WHERE id = ?1 ORDER BY number LIMIT 1"
    static let title = "SELECT title FROM timeline_follow_up WHERE id = ?1 ORDER BY number LIMIT 1"

    private static func streams(_ look: ViewStatement) throws -> [StreamID] {
        try look.rows(stream)
    }

    private static func stream(_ row: ViewStatement) throws -> StreamID {
        guard let stream = try row.stream(0) else { throw ViewError.damaged(table: "timeline_pathway") }
        return stream
    }

    /// An event of the story, and what became of its content.
    private struct Told {
        enum Content {
            case read(DomainEvent)
            case erased
            case unreadable
        }

        let event: RecordedEvent
        let content: Content
    }

    private func tell(at position: Int64) throws -> Told? {
        guard let event = try log.read(after: position - 1, limit: 1).first, event.position == position else { return nil }
        do {
            guard let payload = try sealer.payload(of: event) else { return Told(event: event, content: .erased) }
            let decoded = try DomainEvent(type: event.type, payload: payload)
            return Told(event: event, content: decoded.map { .read($0) } ?? .unreadable)
        } catch is CodecError {
            return Told(event: event, content: .unreadable)
        }
    }

    private func entry(_ told: Told, _ retracted: [String: RetractionReason], _ names: Sentence.Names) -> Timeline.Entry {
        let event = told.event
        let sentence =
            switch told.content {
            case .read(let decoded):
                retracted[event.id.description].map(Sentence.retracted) ?? Sentence.french(for: decoded, names: names)
            case .erased: Sentence.erased
            case .unreadable: Sentence.unreadable
            }
        return Timeline.Entry(
            position: event.position,
            version: event.version,
            type: event.type,
            occurredAt: event.time,
            recordedAt: event.recordedAt,
            source: event.source,
            actor: event.actor,
            actorName: event.actor.flatMap { $0.hasPrefix("urn:rpps:") ? names.professional(String($0.dropFirst(9))) : nil },
            id: event.id,
            causation: event.causation,
            sentence: sentence
        )
    }

    /// Names as they were at `position`. One that cannot be read is no reason to refuse a story: the number stands in its place.
    private func names(_ connection: ViewConnection, _ position: Int64) -> Sentence.Names {
        Sentence.Names(
            timeZone: (try? directory.territoryRow(connection, position))?.timeZone ?? DirectoryReader.fallbackZone,
            professional: { try? directory.name(of: $0, connection, position) },
            commune: { try? directory.communeName(of: $0, connection, position) },
            followUp: { id in
                guard let look = try? connection.statement(Self.title) else { return nil }
                look.bind(1, id)
                return try? look.first { $0.string(0) }
            },
            team: { try? directory.team($0, connection, position).name }
        )
    }
}
