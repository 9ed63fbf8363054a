import EventStore
import Synchronization

/// Seals under the name of the stream, so that a test can destroy one stream's key.
final class BreakableSealer: PayloadSealer {
    private let destroyed = Mutex<Set<String>>([])

    func destroy(_ stream: StreamID) { destroyed.withLock { _ = $0.insert(stream.hex) } }

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map(\.stream.hex) }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        destroyed.withLock { $0.contains(keyID ?? "") } ? nil : sealed
    }
}
