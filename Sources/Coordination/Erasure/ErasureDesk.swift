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
    }

    public struct Erasure: Hashable, Sendable {
        public let extent: Extent
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

    /// What would be erased, to be looked at before.
    public func extent(of patients: Set<StreamID>) throws -> Extent {
        let found = try patients.flatMap { try keys.keys(ofPatient: $0) }
        return Extent(keys: Set(found.map(\.keyID)).sorted(), streams: patients.union(found.map(\.stream)))
    }

    /// Erases patients, for good.
    ///
    /// When it returns, nothing that the keys sealed can be opened any more, by whoever holds the files. Views still have to take in
    /// `position` and be purged.
    ///
    /// - Parameter patients: their streams.
    /// - Throws: `EventStoreError`, `SealingError`; nothing is erased then, or the rest is done at the next start.
    public func erase(_ patients: Set<StreamID>, reason: PatientErased.Reason, by caller: Caller) async throws -> Erasure {
        // Keys made meanwhile are found by the second look, when no more can be made.
        let foreseen = try extent(of: patients)
        return try await keys.withHeldStreams(foreseen.streams) {
            let extent = try extent(of: patients)
            let position = try await record(extent, reason, caller)
            let tracesRemain = try destroy(extent.keys)
            for stream in extent.streams { coordinator.loader.forget(stream) }
            return Erasure(extent: extent, position: position, tracesRemain: tracesRemain)
        }
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
    private func record(_ extent: Extent, _ reason: PatientErased.Reason, _ caller: Caller) async throws -> Int64 {
        let author = Author(source: caller.urn, actor: caller.urn, occurredAt: coordinator.time.now())
        let register = coordinator.streams.erasures
        let body = PatientErased(reason: reason, keys: extent.keys, streams: extent.streams.sorted().map(\.hex))
        let outcome = try await coordinator.perform(nil) { work in
            // In clear: an older copy of the keys must be able to obey it, and the marks must outlive the keys.
            let erasure = work.record(body, on: register, by: author, isInClear: true)
            for stream in extent.streams.sorted() {
                work.record(StreamErased(erasure: erasure.description), on: stream, by: author, isInClear: true)
            }
            return []
        }
        return outcome.position
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
            _ = try await coordinator.perform(nil) { work in
                let recorded = work.record(erasure, on: register, by: author, isInClear: true)
                for stream in erasure.streams.compactMap({ StreamID(hex: $0) }) {
                    work.record(StreamErased(erasure: recorded.description), on: stream, by: author, isInClear: true)
                }
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
