import Crypto
import EventStore
import Foundation
import Synchronization
import Timekeeping

@testable import Transparency

/// A directory of its own, removed when the test ends.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("transparency-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// SplitMix64: the same seed gives the same numbers.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A clock that tests move.
final class ManualClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_795_336_200_000)

    func advance(by value: Int64) { milliseconds.withLock { $0 += value } }

    var source: TimeSource { TimeSource { Instant(millisecondsSinceEpoch: self.milliseconds.withLock { $0 }) } }
}

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
        let random = Mutex(SeededRandom(seed: seed))
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
