public import EventStore
public import Pathways
public import Sealing
import Timekeeping

/// Destroys what makes a patient readable (I10): their data keys, those of their aliases and of their pathways.
///
/// The order is what makes it safe to die at any moment: keys are withheld from new appends, the erasure is recorded, then the keys are
/// destroyed. What was recorded and not destroyed is done at the next start (``finishErasures()``), on a restored older key store too.
public struct ErasureDesk: Sendable {
    /// What an erasure takes.
    public struct Extent: Hashable, Sendable {
        /// Ids of the data keys that exist.
        public let keys: [String]
        /// Patients' streams, those of their pathways, and messages that speak of them.
        public let streams: Set<StreamID>
        /// Ids of the territories that these pathways came from or went to: each keeps what it was told, and erases for itself.
        public let elsewhere: [String]
    }

    public struct Erasure: Hashable, Sendable {
        /// How many data keys were destroyed.
        public let keys: Int
        /// How many streams cannot be read any more, wholly or in part.
        public let streams: Int
        /// Ids of other territories that hold a part.
        public let elsewhere: [String]
        /// Where the last of its events stands: views that have taken it in show the patient no more.
        public let position: Int64
        /// Others still read the key store: wrapped keys may stand in its write-ahead log until they end and the erasure is repeated.
        public let tracesRemain: Bool
    }

    private static let pageSize = 500

    private let coordinator: Coordinator
    private let keys: KeyVault

    public init(coordinator: Coordinator, keys: KeyVault) {
        self.coordinator = coordinator
        self.keys = keys
    }

    /// What would be erased, to be looked at before: of a person with several numbers (A40), all of them.
    public func extent(of patients: Set<StreamID>) throws -> Extent {
        let persons = Set(try patients.flatMap { try coordinator.loader.person(of: $0) })
        let found = try persons.flatMap { try keys.keys(ofPatient: $0) }
        let streams = persons.union(found.map(\.stream))
        let territories = try pathways(among: streams).values.flatMap { [$0.takenOver?.from, $0.handedOver?.to].compactMap(\.self) }
        return Extent(keys: Set(found.map(\.keyID)).sorted(), streams: streams, elsewhere: Set(territories).sorted())
    }

    /// Erases patients, for good.
    ///
    /// When it returns, nothing that the keys sealed can be opened any more, by whoever holds the files. Views still have to take in
    /// `position` and be purged.
    ///
    /// - Parameters:
    ///   - patients: their streams.
    ///   - key: under which the answer is kept, for a request that is repeated (``earlier(_:by:)``).
    /// - Throws: `EventStoreError`, `SealingError`; nothing is erased then, or the rest is done at the next start.
    public func erase(
        _ patients: Set<StreamID>,
        reason: PatientErased.Reason,
        by caller: Caller,
        key: RequestKey? = nil
    ) async throws -> Erasure {
        var foreseen = try extent(of: patients)
        while true {
            // Keys made meanwhile are found by the second look, when no more can be made.
            let erasure: Erasure? = try await keys.withHeldStreams(foreseen.streams) {
                let extent = try extent(of: patients)
                // A number merged meanwhile is not held yet.
                guard extent.streams.isSubset(of: foreseen.streams) else { return nil }
                let position = try await record(extent, reason, caller, key)
                let tracesRemain = try destroy(extent.keys)
                for stream in extent.streams { coordinator.loader.forget(stream) }
                return Erasure(
                    keys: extent.keys.count,
                    streams: extent.streams.count,
                    elsewhere: extent.elsewhere,
                    position: position,
                    tracesRemain: tracesRemain
                )
            }
            if let erasure { return erasure }
            foreseen = try extent(of: patients)
        }
    }

    /// What the same request was answered before; nil if it was not made.
    /// - Throws: `EventStoreError` `commandKeyReused` if its key came with another body.
    public func earlier(_ key: RequestKey, by caller: Caller) throws -> Erasure? {
        guard case .repeated(let answer, let position) = try coordinator.earlier(key.command(for: caller)), let answer else { return nil }
        let json = try JSONDocument(answer).object()
        return Erasure(
            keys: try json.int("keys"),
            streams: try json.int("streams"),
            elsewhere: try json.strings("elsewhere"),
            position: position,
            tracesRemain: false
        )
    }

    /// - Returns: whether traces of the keys remain.
    private func destroy(_ ids: [String]) throws -> Bool {
        do {
            _ = try keys.destroy(ids, at: coordinator.time.now())
            return false
        } catch SealingError.Code.tracesRemain {
            return true
        }
    }

    /// Whether these patients were erased before, and nothing was recorded of them since.
    public func isErased(_ patients: Set<StreamID>) throws -> Bool {
        try patients.contains { patient in
            let version = try coordinator.log.version(of: patient)
            guard version > 0 else { return false }
            return try coordinator.log.read(stream: patient, fromVersion: version, limit: 1).last?.type == StreamErased.type
        }
    }

    /// One append: the register, and a mark in each stream. The marks make every append fail that was decided before them, and whose
    /// events may be sealed under a key that is about to go.
    private func record(_ extent: Extent, _ reason: PatientErased.Reason, _ caller: Caller, _ key: RequestKey?) async throws -> Int64 {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now())
        let register = coordinator.streams.erasures
        let body = PatientErased(reason: reason, keys: extent.keys, streams: extent.streams.sorted().map(\.hex))
        let numbers = try handOvers(of: extent.streams)
        let outcome = try await coordinator.perform(key?.command(for: caller)) { work in
            // In clear: an older copy of the keys must be able to obey it, and the marks must outlive the keys.
            let erasure = work.record(body, on: register, by: author, isInClear: true)
            for stream in extent.streams.sorted() {
                work.record(Self.mark(erasure, stream, numbers), on: stream, by: author, isInClear: true)
            }
            return JSONWriter.object { json in
                json.write("keys", extent.keys.count)
                json.write("streams", extent.streams.count)
                json.write("elsewhere", extent.elsewhere)
            }
        }
        return outcome.position
    }

    private static func mark(_ erasure: EventID, _ stream: StreamID, _ handOvers: [StreamID: Int]) -> StreamErased {
        StreamErased(erasure: erasure.description, handOvers: handOvers[stream] ?? 0)
    }

    /// How often each pathway among these streams has changed territory; read while it can be read.
    private func handOvers(of streams: Set<StreamID>) throws -> [StreamID: Int] { try pathways(among: streams).mapValues(\.handOverNumber) }

    private func pathways(among streams: Set<StreamID>) throws -> [StreamID: Pathway] {
        var pathways: [StreamID: Pathway] = [:]
        for stream in streams {
            do {
                pathways[stream] = try coordinator.loader.pathway(stream).state
            } catch is CoordinationError {
                // Its key is damaged: that must not keep anybody from being erased.
                continue
            }
        }
        return pathways
    }

    /// Obeys the erasures of another copy of this log: records those that this one lacks, and destroys their keys.
    ///
    /// - Parameter log: a newer copy, verified by the caller.
    /// - Returns: how many erasures were taken over.
    public func adopt(from log: any EventReader) async throws -> Int {
        let register = coordinator.streams.erasures
        let known = Set(try Self.erasures(in: coordinator.log, register, keys).map(\.id))
        var adopted = 0
        for (id, erasure) in try Self.erasures(in: log, register, keys) where !known.contains(id) {
            let author = Author(source: "urn:relais:restore", occurredAt: coordinator.time.now(), correlation: id)
            let streams = Set(erasure.streams.compactMap { StreamID(hex: $0) })
            let numbers = try handOvers(of: streams)
            _ = try await coordinator.perform(nil) { work in
                let recorded = work.record(erasure, on: register, by: author, isInClear: true)
                for stream in streams.sorted() { work.record(Self.mark(recorded, stream, numbers), on: stream, by: author, isInClear: true) }
                return []
            }
            _ = try destroy(erasure.keys)
            adopted += 1
        }
        return adopted
    }

    private static func erasures(in log: any EventReader, _ register: StreamID, _ keys: KeyVault) throws -> [(id: EventID, erasure: PatientErased)] {
        var found: [(EventID, PatientErased)] = []
        var version: Int64 = 1
        while true {
            let page = try log.read(stream: register, fromVersion: version, limit: pageSize)
            for event in page where event.type == PatientErased.type {
                if let payload = try keys.payload(of: event) { found.append((event.id, try PatientErased(payload: payload))) }
            }
            guard page.count == pageSize, let last = page.last else { return found }
            version = last.version + 1
        }
    }

    /// Destroys every key that the log says was destroyed: to be called before anything is served, also after a restore.
    /// - Returns: how many were still there.
    public func finishErasures() throws -> Int {
        let now = coordinator.time.now()
        return try Self.erasures(in: coordinator.log, coordinator.streams.erasures, keys).reduce(0) { count, recorded in
            do {
                return count + (try keys.destroy(recorded.erasure.keys, at: now))
            } catch SealingError.Code.tracesRemain {
                // The keys are gone; a reader in the way must not keep the territory from being served.
                return count
            }
        }
    }
}
