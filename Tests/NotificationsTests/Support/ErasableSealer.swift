import EventStore
import Synchronization

/// Seals nothing, under a key for each stream; what was erased does not open, what was damaged opens as something else.
final class ErasableSealer: PayloadSealer {
    private let state = Mutex((erased: Set<String>(), damaged: Set<String>()))

    func erase(_ stream: StreamID) { state.withLock { _ = $0.erased.insert(stream.hex) } }

    func damage(_ stream: StreamID) { state.withLock { _ = $0.damaged.insert(stream.hex) } }

    func mend(_ stream: StreamID) { state.withLock { _ = $0.damaged.remove(stream.hex) } }

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map(\.stream.hex) }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        try state.withLock { state in
            guard let keyID else { return sealed }
            if state.damaged.contains(keyID) { throw Damaged() }
            return state.erased.contains(keyID) ? nil : sealed
        }
    }

    struct Damaged: Error {}
}
