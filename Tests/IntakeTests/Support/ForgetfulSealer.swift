import EventStore
import Synchronization

/// Seals nothing under keys named after their streams, keeps whose they are, and forgets on demand, as a key vault does whose keys were destroyed.
final class ForgetfulSealer: PayloadSealer {
    private let forgets = Mutex(false)
    private let forgotten = Mutex<Set<String>>([])

    /// The patient of each stream, by the latest request that named one.
    private let patients = Mutex<[StreamID: StreamID]>([:])

    func patient(of stream: StreamID) -> StreamID? { patients.withLock { $0[stream] } }

    func forget() { forgets.withLock { $0 = true } }

    /// Only what was sealed for one stream.
    func forget(_ stream: StreamID) { forgotten.withLock { _ = $0.insert(stream.hex) } }

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] {
        patients.withLock { patients in
            for request in requests { patients[request.stream] = request.patient ?? patients[request.stream] }
        }
        return requests.map(\.stream.hex)
    }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        if let keyID, forgotten.withLock({ $0.contains(keyID) }) { return nil }
        return forgets.withLock { $0 } ? nil : sealed
    }
}
