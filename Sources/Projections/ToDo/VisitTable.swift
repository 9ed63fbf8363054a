import EventStore
import Pathways

/// The visits that follow-ups belong to, a row per fact: where the visit stands is folded by `Pathways`, never here.
final class VisitTable {
    private let insert: ViewStatement
    private let facts: ViewStatement
    private let delete: ViewStatement
    /// Visits folded from their facts so far.
    private var recent = RecentCache<StreamID, Pathway>(capacity: 768)

    init(_ tables: ViewTables) throws {
        let visit = tables["todo_visit"]
        insert = try tables.statement(
            """
            INSERT INTO \(visit)(from_position, pathway, patient, authority, visit, unit, discharged_at, discharged_at_offset, status,
                destination, ended_in_death, type, payload)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """
        )
        facts = try tables.statement("SELECT type, payload FROM \(visit) WHERE pathway = ?1 ORDER BY from_position")
        delete = try tables.statement("DELETE FROM \(visit) WHERE pathway = ?1")
    }

    func forget() {
        recent.removeAll()
    }

    func add(_ event: PathwayEvent, _ opened: OpenedEvent) throws {
        let stream = opened.stream
        var pathway = try recent.take(stream) ?? fold(stream)
        pathway.evolve(with: event)
        let stay = pathway.stay
        insert.bind(1, opened.position)
        try insert.bind(2, stream)
        try insert.bind(3, pathway.reference.flatMap { StreamID(hex: $0.patientStream) })
        insert.bind(4, pathway.reference?.visit.authority)
        insert.bind(5, pathway.reference?.visit.value)
        insert.bind(6, stay.unit.map { $0.label ?? $0.code })
        insert.bind(7, stay.dischargedAt)
        insert.bind(9, pathway.status?.rawValue)
        insert.bind(10, stay.mode?.destination.rawValue)
        insert.bind(11, pathway.endedInDeath ? 1 : 0)
        insert.bind(12, opened.type)
        insert.bind(13, opened.payload)
        try insert.run()
        recent.put(pathway, for: stream)
    }

    func erase(_ stream: StreamID) throws {
        _ = recent.take(stream)
        try delete.bind(1, stream)
        try delete.run()
    }

    private func fold(_ stream: StreamID) throws -> Pathway {
        try facts.bind(1, stream)
        return Pathway(
            folding: try facts.rows { row in
                guard let event = try PathwayEvent(type: row.string(0), payload: row.bytes(1)) else {
                    throw ViewError.damaged(table: "todo_visit")
                }
                return event
            }
        )
    }
}
