import Foundation
import Synchronization
import TestSupport
import Timekeeping

@testable import EventStore

extension TemporaryDirectory {
    var log: String { "\(path)/log.sqlite" }
}

/// What most tests need to make events.
struct Maker: Sendable {
    let ids: EventIDGenerator
    let time = Instant(millisecondsSinceEpoch: 1_795_336_200_000, offsetMinutes: 60)

    init(seed: UInt64 = 1) {
        let random = SeededRandom(seed: seed)
        ids = EventIDGenerator(time: .fixed(Instant(millisecondsSinceEpoch: 1_795_336_200_000)), random: random.next)
    }

    func event(_ payload: String = "{}", type: String = "fr.relais.test.happened.v1", attachment: [UInt8]? = nil) -> NewEvent {
        NewEvent(id: ids.next(), type: type, source: "urn:relais:test", time: time, payload: Array(payload.utf8), attachment: attachment)
    }

    func write(_ stream: StreamID, _ expected: ExpectedVersion = .any, count: Int = 1) -> StreamWrite {
        StreamWrite(stream: stream, expected: expected, events: (0..<count).map { _ in event() })
    }
}

func stream(_ number: UInt64) -> StreamID { StreamID(high: 0xABCD, low: number) }

/// The error's code; nil if `body` throws none or another.
func code(_ body: () async throws -> Void) async -> EventStoreError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? EventStoreError)?.code
    }
}

/// Seals by adding one to each byte, to see that what is stored is what the sealer made and is opened with the right data.
struct ShiftSealer: PayloadSealer {
    var keyID = "key-1"

    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { requests.map { _ in keyID } }

    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] {
        plaintext.map { $0 &+ 1 } + Hash256.of(associatedData).bytes
    }

    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? {
        guard keyID != "erased" else { return nil }
        guard sealed.count >= 32, Array(sealed.suffix(32)) == Hash256.of(associatedData).bytes else {
            throw EventStoreError(.corrupted, "Does not open.")
        }
        return sealed.dropLast(32).map { $0 &- 1 }
    }
}
