import EventStore

/// The one writer of `views.sqlite`: pages of events in, rows and checkpoints out, each page in one transaction. Not thread-safe.
///
/// Three kinds of generations are written: the live ones, which follow the log; those that are being built beside them; and, when a stream
/// is erased, every one that the file holds.
final class ProjectionCore {
    /// A projection of the release, and its place.
    struct Entry {
        let projection: any Projection.Type
        let mask: ProjectionMask
        let lookupKey: INSLookupKey
    }

    private let connection: ViewConnection
    private let generations: GenerationTable
    private let entries: [Entry]
    /// Those that readers see and that are of this release's version.
    private var live: [ProjectionSlot] = []
    private var building: [ProjectionSlot] = []
    /// How far the log is followed while nothing is live yet.
    private var followedAlone: Int64

    /// Opens the views. What was built from another history is dropped; what is of another version stays, and is to be built anew
    /// (``pending``).
    init(directory: String, log: any EventReader, projections: [any Projection.Type], lookupKey: @escaping INSLookupKey) throws {
        connection = try ViewFile(directory: directory).openForWriting(logIdentity: log.identity)
        generations = GenerationTable(connection: connection)
        entries = projections.enumerated().map { Entry(projection: $1, mask: ProjectionMask(place: $0), lookupKey: lookupKey) }
        followedAlone = try log.head().position
        try connection.transaction {
            for entry in entries {
                for row in try generations.rows(of: entry.projection.name) where try !Self.follows(row, log) {
                    try generations.drop(entry.projection, row)
                }
                if let slot = try openLive(entry) { live.append(slot) }
            }
        }
    }

    /// Whether a generation was made from this log: one restored from an older copy, or replaced, has other events at its positions.
    private static func follows(_ row: GenerationTable.Row, _ log: any EventReader) throws -> Bool {
        if row.position == 0 { return true }
        let event = try log.read(after: row.position - 1, limit: 1).first
        return event?.position == row.position && event?.leafHash.bytes == row.leaf
    }

    /// Nil if the projection is to be built first.
    private func openLive(_ entry: Entry) throws -> ProjectionSlot? {
        let projection = entry.projection
        let rows = try generations.rows(of: projection.name)
        guard let row = rows.first(where: { $0.state == .live }) else {
            if !rows.isEmpty { return try prepareBuild(entry) }
            return try ProjectionSlot(entry, generation: try generations.create(projection, .live), on: connection)
        }
        if row.version == projection.version { return try ProjectionSlot(entry, generation: row.generation, on: connection) }
        // Without a say of the release's, nobody knows what its queries would read in these tables.
        if row.version > projection.version || row.version < projection.oldestReadableVersion {
            try generations.set(.kept, projection.name, generation: row.generation)
            try generations.hide(projection)
        }
        return try prepareBuild(entry)
    }

    /// Makes the row of the generation to be built, so that readers can tell how far it is.
    private func prepareBuild(_ entry: Entry) throws -> ProjectionSlot? {
        if try unfinished(entry) == nil { _ = try generations.create(entry.projection, .building) }
        return nil
    }

    /// The generation of this release's version, not live, that has come furthest.
    private func unfinished(_ entry: Entry) throws -> GenerationTable.Row? {
        try generations.rows(of: entry.projection.name)
            .filter { $0.state != .live && $0.version == entry.projection.version }
            .max { ($0.position, $0.generation) < ($1.position, $1.generation) }
    }

    // MARK: - Where it stands

    /// Where the follower of the log goes on.
    var followed: Int64 { live.map(\.position).min() ?? followedAlone }

    /// What the slowest projection has taken in, those that are being built included.
    var position: Int64 {
        get throws {
            let built = try pending.map { name in try entry(name).flatMap { try unfinished($0)?.position } ?? 0 }
            return min(followed, built.min() ?? .max)
        }
    }

    /// The projections of which no generation of this release's version is live: they are built first.
    var pending: [String] {
        let names = Set(live.map(\.name))
        return entries.map { $0.projection.name }.filter { !names.contains($0) }
    }

    private func entry(_ name: String) throws -> Entry? { entries.first { $0.projection.name == name } }

    // MARK: - Taking in

    /// Takes a page into every live projection; of an erasure, into every generation there is.
    func take(_ page: OpenedPage, epoch: Int64) throws {
        guard let last = page.last else { return }
        do {
            try connection.transaction {
                for index in live.indices { try live[index].take(page) }
                for case .erasure(let event) in page.items { try eraseElsewhere(event.stream) }
                for index in live.indices { try live[index].advance(to: last, epoch: epoch) }
            }
        } catch {
            for index in live.indices { try live[index].reload() }
            for index in building.indices { try building[index].reload() }
            throw error
        }
        followedAlone = max(followedAlone, last.position)
    }

    /// Drops a stream from the generations that do not follow the log: an old one must not keep whom the live one has forgotten.
    private func eraseElsewhere(_ stream: StreamID) throws {
        for index in building.indices {
            try building[index].erase(stream)
            try building[index].flush()
        }
        let open = Set((live + building).map { "\($0.name) \($0.generation)" })
        for entry in entries {
            for row in try generations.rows(of: entry.projection.name) where !open.contains("\(entry.projection.name) \(row.generation)") {
                guard row.version == entry.projection.version else {
                    // This release cannot write tables of another version, only drop them.
                    try generations.drop(entry.projection, row)
                    continue
                }
                var slot = try ProjectionSlot(entry, generation: row.generation, on: connection)
                try slot.erase(stream)
                try slot.flush()
            }
        }
    }

    // MARK: - Building

    /// Turns the live generations that have taken in nothing yet into ones to be built up to the log's head: they lose no reader, and a
    /// build, which makes most indexes at its end, takes a fraction of the time.
    func buildWhatIsEmpty(upTo head: Int64) throws {
        let empty = live.filter { $0.position == 0 }
        guard head > 0, !empty.isEmpty else { return }
        try connection.transaction {
            for slot in empty {
                for row in try generations.rows(of: slot.name) where row.generation == slot.generation {
                    try generations.drop(slot.projection, row)
                    _ = try generations.create(slot.projection, .building)
                }
            }
        }
        live.removeAll { $0.position == 0 }
        followedAlone = max(followedAlone, head)
    }

    /// How many pages may gather in the write-ahead log before they go into the file: a bulk build writes the same ones again and again.
    func setCheckpoints(_ checkpoints: ViewFile.Checkpoints) throws {
        try connection.execute("PRAGMA wal_autocheckpoint = \(checkpoints.rawValue)")
        // What gathered goes into the file now, so that the log of a follower stays short.
        if checkpoints == .following { try connection.execute("PRAGMA wal_checkpoint(PASSIVE)") }
    }

    /// Opens the generations that a pass over the log fills: unfinished ones are gone on with.
    ///
    /// - Returns: where the slowest of them stands.
    func beginBuild(_ names: [String]) throws -> Int64 {
        let pending = Set(pending)
        let slots = try connection.transaction {
            try names.map { name in
                guard let entry = try entry(name) else { throw ViewError.unknownProjection(name) }
                guard !building.contains(where: { $0.name == name }) else { throw ViewError.alreadyRebuilding(name) }
                let rows = try generations.rows(of: name)
                let begun = rows.last { $0.state == .building && $0.version == entry.projection.version }
                let unfinished = try pending.contains(name) ? unfinished(entry) : begun
                let generation = try unfinished?.generation ?? generations.create(entry.projection, .building)
                return try ProjectionSlot(entry, generation: generation, on: connection)
            }
        }
        building += slots
        return slots.map(\.position).min() ?? 0
    }

    /// Opens the kept generation of this release's version, to be caught up and shown again.
    func beginRevert(_ name: String) throws -> Int64 {
        guard let entry = try entry(name) else { throw ViewError.unknownProjection(name) }
        guard !building.contains(where: { $0.name == name }) else { throw ViewError.alreadyRebuilding(name) }
        let kept = try generations.rows(of: name).last { $0.state == .kept && $0.version == entry.projection.version }
        guard let kept else { throw ViewError.nothingKept(name) }
        let slot = try ProjectionSlot(entry, generation: kept.generation, on: connection)
        building.append(slot)
        return slot.position
    }

    func mask(of names: [String]) -> ProjectionMask {
        entries.filter { names.contains($0.projection.name) }.reduce(into: []) { $0.formUnion($1.mask) }
    }

    /// A transaction that takes pages into the generations that are being built for some projections.
    struct Batch {
        fileprivate let names: [String]
        fileprivate let indices: [Int]
        /// Where the first of them has caught up.
        fileprivate let target: Int64
        fileprivate var last: RecordedEvent?
        /// Whether it is worth while to take in another page: none has caught up, and the log has not ended.
        fileprivate(set) var wantsMore = true
    }

    /// Begins a transaction: ``commit(_:epoch:)`` or ``rollBack(_:)`` must end it before anything else is done.
    func beginBatch(_ names: [String]) throws -> Batch {
        let indices = building.indices.filter { names.contains(building[$0].name) }
        let batch = Batch(names: names, indices: indices, target: indices.map { target(of: building[$0]) }.min() ?? 0)
        try connection.begin()
        return batch
    }

    func add(_ page: OpenedPage, to batch: inout Batch) throws {
        for index in batch.indices { try building[index].take(page) }
        batch.last = page.last ?? batch.last
        batch.wantsMore = page.last.map { $0.position < batch.target } ?? false
    }

    /// Keeps what was taken in. Each generation that has caught up with the live one takes its place.
    ///
    /// - Returns: the names that are not done.
    func commit(_ batch: Batch, epoch: Int64) throws -> [String] {
        if let last = batch.last {
            for index in batch.indices { try building[index].advance(to: last, epoch: epoch) }
        }
        try connection.commit()
        for slot in batch.indices.map({ building[$0] }) where slot.position >= target(of: slot) { try exchange(for: slot) }
        return batch.names.filter { name in building.contains { $0.name == name } }
    }

    func rollBack(_ batch: Batch) throws {
        connection.rollBack()
        for index in building.indices where batch.names.contains(building[index].name) { try building[index].reload() }
    }

    /// Where a generation that is being built has caught up.
    private func target(of slot: ProjectionSlot) -> Int64 { live.first { $0.name == slot.name }?.position ?? followed }

    /// Leaves a build as it stands; it can be gone on with.
    func endBuild(_ names: [String]) {
        building.removeAll { names.contains($0.name) }
    }

    /// Shows a generation that has caught up; what was live is kept, and what was kept of its version before is dropped.
    private func exchange(for new: ProjectionSlot) throws {
        try connection.transaction {
            try new.index()
            let rows = try generations.rows(of: new.name)
            if let old = rows.first(where: { $0.state == .live }) {
                for row in rows where row.state == .kept && row.version == old.version && row.generation != new.generation {
                    try generations.drop(new.projection, row)
                }
                try generations.set(.kept, new.name, generation: old.generation)
            }
            try generations.set(.live, new.name, generation: new.generation)
            try generations.hide(new.projection)
            try new.tables.show(new.projection.tables)
        }
        building.removeAll { $0.name == new.name }
        if let index = live.firstIndex(where: { $0.name == new.name }) { live[index] = new } else { live.append(new) }
    }

    // MARK: - What is kept

    /// Drops the kept generations of a projection, or of all.
    ///
    /// - Returns: how many were dropped.
    func dropKept(_ name: String?) throws -> Int {
        var dropped = 0
        for entry in entries where name == nil || entry.projection.name == name {
            let inHand = Set(building.filter { $0.name == entry.projection.name }.map(\.generation))
            for row in try generations.rows(of: entry.projection.name) where row.state == .kept && !inHand.contains(row.generation) {
                try connection.transaction { try generations.drop(entry.projection, row) }
                dropped += 1
            }
        }
        return dropped
    }

    /// Empties the write-ahead log into the file, whose freed space holds zeros already (`secure_delete`).
    ///
    /// - Returns: false if a reader still holds an older snapshot.
    func purge() throws -> Bool {
        let checkpoint = try connection.statement("PRAGMA wal_checkpoint(TRUNCATE)")
        return try checkpoint.first { $0.int64(0) == 0 } ?? false
    }
}
