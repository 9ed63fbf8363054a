import EventStore
import Foundation
import GRDB
import TestSupport
import Timekeeping

@testable import Sealing

let noon = Instant(millisecondsSinceEpoch: 1_795_336_200_000)

/// A master key of its own for each number.
func master(_ number: UInt64) throws -> MasterKey {
    var random = SplitMix64(seed: number)
    return try MasterKey(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
}

func stream(_ number: UInt64) -> StreamID {
    let name = String(number, radix: 16)
    guard let stream = StreamID(hex: String(repeating: "0", count: 32 - name.count) + name) else {
        fatalError("32 hexadecimal digits name a stream")
    }
    return stream
}

extension TemporaryDirectory {
    func vault(_ number: UInt64 = 1, identity: String = "test", createsIfMissing: Bool = true) throws -> KeyVault {
        try KeyVault.open(
            directory: path,
            identity: identity,
            master: master(number),
            createsIfMissing: createsIfMissing,
            time: .fixed(noon)
        )
    }

    /// - Parameter holdLimit: how long whoever asks for a held key waits.
    func vault(holdLimit: Duration) throws -> KeyVault {
        let origin = try KeySchema.Origin(identity: "test", masterID: master(1).id)
        let store = try KeyStore.open(KeyStoreFile(directory: path), makingWith: origin)
        return try KeyVault(store: store, master: master(1), time: .fixed(noon), random: SeededRandom(seed: 1).next, holdLimit: holdLimit)
    }

    /// Changes the key store behind the back of whoever has it.
    func tamper(_ sql: String) throws {
        try DatabaseQueue(path: keys).write { try $0.execute(sql: sql) }
    }

    /// The wrapped bytes of all live keys, by id.
    func wrappedKeys() throws -> [String: Data] {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: keys, configuration: configuration)
        let rows = try database.read { try Row.fetchAll($0, sql: "SELECT id, wrapped FROM data_key WHERE wrapped IS NOT NULL") }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Data) })
    }
}

extension KeyVault {
    /// The key of one stream.
    func sealingKey(for stream: StreamID, patient: StreamID? = nil) async throws -> String {
        guard let key = try await sealingKeys(for: [SealingRequest(stream: stream, patient: patient)]).first ?? nil else {
            throw SealingError(.notSealed, "No key was given.")
        }
        return key
    }
}

/// The code of the ``SealingError`` that `body` throws; nil if it throws none or another.
func sealingCode(_ body: () async throws -> Void) async -> SealingError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? SealingError)?.code
    }
}

/// The code of the `EventStoreError` that `body` throws; nil if it throws none or another.
func storeCode(_ body: () async throws -> Void) async -> EventStoreError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? EventStoreError)?.code
    }
}
