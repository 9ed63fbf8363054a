import EventStore
import Sealing
import Synchronization

/// Seals through the key store, and remembers whether it could give keys the last time: appends stop when it cannot, and readiness must say so.
final class WatchedSealer: PayloadSealer {
    private let sealer: any PayloadSealer
    private let last = Mutex<String?>(nil)

    init(_ sealer: any PayloadSealer) { self.sealer = sealer }

    /// Why no keys were given the last time they were asked for; nil if they were.
    var trouble: String? { last.withLock { $0 } }

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] {
        do {
            let keys = try await sealer.sealingKeys(for: requests)
            last.withLock { if $0 != nil { $0 = nil } }
            return keys
        } catch let error as SealingError where error.code == .held {
            // One patient is being erased; others get their keys.
            throw error
        } catch {
            let words = (error as? EventStoreError)?.message ?? "\(error)"
            last.withLock { $0 = "gives no keys, so nothing is recorded: \(words)" }
            throw error
        }
    }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] {
        try sealer.seal(plaintext, keyID: keyID, associatedData: associatedData)
    }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        try sealer.open(sealed, keyID: keyID, associatedData: associatedData)
    }
}
