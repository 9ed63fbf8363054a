import Crypto
import EventStore
import Foundation
import Synchronization
import TestSupport
import Timekeeping

@testable import Transparency

/// Seals as a real log does: AES-256-GCM, nonce ‖ ciphertext ‖ tag.
struct FixedKeySealer: PayloadSealer {
    static let keyID = "k1"
    static let key = [UInt8](repeating: 5, count: 32)

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map { _ in Self.keyID } }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] {
        guard let sealed = try AES.GCM.seal(plaintext, using: SymmetricKey(data: Self.key), authenticating: associatedData).combined else {
            return []
        }
        return Array(sealed)
    }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        let box = try AES.GCM.SealedBox(combined: sealed)
        return Array(try AES.GCM.open(box, using: SymmetricKey(data: Self.key), authenticating: associatedData))
    }
}

enum Fixture {
    static let origin = "relais.example/cpts-demo"

    static func logKey(_ seed: UInt8 = 1) throws -> LogKey {
        try LogKey(origin: origin, seed: [UInt8](repeating: seed, count: 32))
    }

    static func witnessKey() throws -> WitnessKey {
        try WitnessKey(name: "relais.example/other/witness", seed: [UInt8](repeating: 9, count: 32))
    }

    /// Appends events to a stream, some with all that an envelope may have.
    static func append(_ count: Int, to log: any EventLog, stream: UInt8 = 1, seed: UInt64 = 1) async throws {
        let random = Mutex(SplitMix64(seed: seed))
        let time = Instant(millisecondsSinceEpoch: 1_795_336_200_000, offsetMinutes: 60)
        let ids = EventIDGenerator(time: .fixed(time), random: { random.withLock { $0.next() } })
        guard let id = StreamID(bytes: [UInt8](repeating: stream, count: 16)) else { return }
        var events: [NewEvent] = []
        for number in 0..<count {
            var event = NewEvent(
                id: ids.next(),
                type: "fr.relais.test.happened.v1",
                source: "urn:relais:test",
                time: time,
                payload: Array(#"{"number":\#(number),"é":"à"}"#.utf8)
            )
            if number % 3 == 0 {
                event.actor = "urn:rpps:10003456789"
                event.causation = ids.next()
                event.attachment = [1, 2, 3]
            }
            events.append(event)
        }
        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: id, expected: .any, events: events)]))
    }
}
