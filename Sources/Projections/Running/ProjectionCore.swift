import EventStore

/// The one writer of `views.sqlite`: pages of events in, rows and checkpoints out, each page in one transaction. Not thread-safe.
final class ProjectionCore {
    private let connection: ViewConnection
    private(set) var live: [ProjectionSlot] = []
    private(set) var building: [String: ProjectionSlot] = [:]

    /// Opens the views, and drops what was built from other tables, from another version or from another history.
    init(directory: String, log: any EventReader, projections: [any Projection.Type]) throws {
        connection = try ViewFile(directory: directory).openForWriting(logIdentity: log.identity)
        try connection.transaction {
            for projection in projections {
                for generation in try staleGenerations(of: projection, log) {
                    try ProjectionSlot.drop(projection, generation: generation, on: connection)
                }
                let slot =
                    try liveGeneration(of: projection).map { try ProjectionSlot(projection, generation: $0, on: connection) }
                    ?? ProjectionSlot.create(projection, live: true, on: connection)
                live.append(slot)
            }
        }
    }

    /// Where the slowest live projection stands.
    var position: Int64 { live.map(\.position).min() ?? 0 }

    // MARK: - Taking in

    /// Takes a page into every live projection.
    func take(_ page: OpenedPage, epoch: Int64) throws {
        guard let last = page.last else { return }
        do {
            try connection.transaction {
                for (event, content) in page.events { try Self.take(event, content, into: &live) }
                for index in live.indices { try live[index].advance(to: last, epoch: epoch) }
            }
        } catch {
            for index in live.indices { try live[index].reload() }
            throw error
        }
    }

    private static func take(_ event: RecordedEvent, _ content: OpenedPage.Content, into slots: inout [ProjectionSlot]) throws {
        switch content {
        case .unwanted, .erased: break
        case .opened(let opened):
            for index in slots.indices where slots[index].wants(event) { try slots[index].handle(opened) }
        case .unreadable(let problem):
            for index in slots.indices where slots[index].wants(event) { try slots[index].park(event, problem) }
        }
    }

    // MARK: - Rebuilding

    /// Opens the generation that a rebuild fills, or goes on with one that an earlier process began.
    func beginRebuild(_ name: String) throws -> Int64 {
        let slot = try slot(name)
        guard building[name] == nil else { throw ViewError.alreadyRebuilding(name) }
        building[name] = try connection.transaction {
            try buildingGeneration(of: slot.projection).map { try ProjectionSlot(slot.projection, generation: $0, on: connection) }
                ?? ProjectionSlot.create(slot.projection, live: false, on: connection)
        }
        return building[name]?.position ?? 0
    }

    /// Takes a page into the generation that is being built; once it has caught up with the live one, it takes its place.
    /// - Returns: the position reached, or nil when the exchange is done.
    func continueRebuild(_ name: String, _ page: OpenedPage, epoch: Int64) throws -> Int64? {
        guard let begun = building[name] else { throw ViewError.unknownProjection(name) }
        var slots = [begun]
        do {
            try connection.transaction {
                for (event, content) in page.events { try Self.take(event, content, into: &slots) }
                if let last = page.last { try slots[0].advance(to: last, epoch: epoch) }
            }
        } catch {
            try slots[0].reload()
            building[name] = slots[0]
            throw error
        }
        building[name] = slots[0]
        let liveSlot = try slot(name)
        guard slots[0].position >= liveSlot.position else { return slots[0].position }
        try exchange(liveSlot, for: slots[0])
        return nil
    }

    /// Leaves a rebuild as it stands; it can be gone on with.
    func endRebuild(_ name: String) {
        building[name] = nil
    }

    private func exchange(_ old: ProjectionSlot, for new: ProjectionSlot) throws {
        try connection.transaction {
            try ProjectionSlot.drop(old.projection, generation: old.generation, on: connection)
            try new.tables.show(new.projection.tables)
            let update = try connection.statement("UPDATE projection SET live = 1 WHERE name = ?1 AND generation = ?2")
            update.bind(1, new.name)
            update.bind(2, new.generation)
            try update.run()
        }
        if let index = live.firstIndex(where: { $0.name == new.name }) { live[index] = new }
        building[new.name] = nil
    }

    private func slot(_ name: String) throws -> ProjectionSlot {
        guard let slot = live.first(where: { $0.name == name }) else { throw ViewError.unknownProjection(name) }
        return slot
    }

    // MARK: - What is on disk

    private func generations(of projection: any Projection.Type, _ condition: String) throws -> [Int64] {
        let look = try connection.statement("SELECT generation FROM projection WHERE name = ?1 AND \(condition) ORDER BY generation")
        look.bind(1, projection.name)
        return try look.rows { $0.int64(0) }
    }

    private func liveGeneration(of projection: any Projection.Type) throws -> Int64? { try generations(of: projection, "live = 1").last }

    private func buildingGeneration(of projection: any Projection.Type) throws -> Int64? { try generations(of: projection, "live = 0").last }

    /// Generations of another version, and those that do not follow this log: it was restored from an older copy, or replaced.
    private func staleGenerations(of projection: any Projection.Type, _ log: any EventReader) throws -> [Int64] {
        let look = try connection.statement("SELECT generation, version, position, leaf FROM projection WHERE name = ?1")
        look.bind(1, projection.name)
        let rows = try look.rows { (generation: $0.int64(0), version: $0.int64(1), position: $0.int64(2), leaf: $0.bytes(3)) }
        return try rows.filter { row in
            if row.version != projection.version { return true }
            if row.position == 0 { return false }
            let event = try log.read(after: row.position - 1, limit: 1).first
            return event?.position != row.position || event?.leafHash.bytes != row.leaf
        }.map(\.generation)
    }
}
