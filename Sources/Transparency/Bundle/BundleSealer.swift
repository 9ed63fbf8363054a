import Crypto
import EventStore
import Foundation

/// Opens a payload with the data key that came with it: AES-256-GCM, stored as nonce (12 bytes) ‖ ciphertext ‖ tag (16).
struct BundleSealer: PayloadSealer {
    /// Nil: for what is stored in clear.
    let dataKey: [UInt8]?

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] {
        throw Self.readsOnly
    }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] {
        throw Self.readsOnly
    }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        guard keyID != nil else { return sealed }
        guard let dataKey, dataKey.count == 32 else { throw TransparencyError(.invalidKey, "A data key has 32 bytes.") }
        let box = try AES.GCM.SealedBox(combined: sealed)
        return try Array(AES.GCM.open(box, using: SymmetricKey(data: dataKey), authenticating: associatedData))
    }

    private static let readsOnly = EventStoreError(.invalidRequest, "A bundle is only read.")
}
