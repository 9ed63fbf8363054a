import EventStore
import Synchronization

/// Stands for a sealer that has destroyed the keys of some events.
final class DestroyedKeys: PayloadSealer {
    private let erased = Mutex<Set<EventID>>([])

    var count: Int { erased.withLock { $0.count } }

    func areDestroyed(_ event: EventID) -> Bool { erased.withLock { $0.contains(event) } }

    func destroy(_ events: some Sequence<EventID>) { erased.withLock { $0.formUnion(events) } }

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map { _ in nil } }
    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }
    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        // What is sealed is bound to its event: one byte for the part, two for the length, then the id.
        guard associatedData.count >= 19, let id = EventID(bytes: associatedData[3..<19]) else { return sealed }
        return erased.withLock { $0.contains(id) } ? nil : sealed
    }
}
