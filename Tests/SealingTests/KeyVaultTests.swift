import EventStore
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing
import Timekeeping

@testable import Sealing

struct KeyVaultTests {
    @Test func `a stream has one key, given again`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let requests = [1, 2, 1, 3].map { SealingRequest(stream: stream($0)) }
        let keys = try await vault.sealingKeys(for: requests)
        #expect(keys.first == keys[2])
        #expect(Set(keys).count == 3)
        #expect(try await vault.sealingKeys(for: requests) == keys)
        #expect(try await vault.sealingKeys(for: []) == [])
        for key in keys.compactMap(\.self) { #expect(key.utf8.count == 16) }
        try vault.close()
        #expect(try await directory.vault().sealingKeys(for: requests) == keys)
    }

    @Test(.timeLimit(.minutes(5)))
    func `callers at once agree on one key for each stream`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let given = try await withThrowingTaskGroup(of: [UInt64: String].self) { group in
            for task in 0..<64 {
                group.addTask {
                    var mine: [UInt64: String] = [:]
                    for step in 0..<40 {
                        // 80 streams, each asked for by many tasks, in many orders.
                        let number = UInt64((task * 7 + step * 13) % 80)
                        mine[number] = try await vault.sealingKey(for: stream(number), patient: stream(1000 + number))
                    }
                    return mine
                }
            }
            return try await group.reduce(into: [UInt64: Set<String>]()) { all, mine in
                for (number, key) in mine { all[number, default: []].insert(key) }
            }
        }
        #expect(given.count == 80)
        #expect(given.values.allSatisfy { $0.count == 1 })
        #expect(try vault.statistics().liveKeys == 80)
        #expect(try vault.check().isSound)
    }

    @Test func `a cancelled caller leaves the key in place`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await vault.sealingKey(for: stream(1))
        }
        let key = try await task.value
        #expect(try await vault.sealingKey(for: stream(1)) == key)
    }

    // MARK: Opening

    @Test func `the wrong master key is named`() async throws {
        let directory = try TemporaryDirectory()
        try directory.vault(1).close()
        let mismatch = SealingError.MasterKeyMismatch(wanted: try master(1).id, given: try master(2).id)
        for open in [{ _ = try directory.vault(2) }, { _ = try KeyVault.openReadOnly(directory: directory.path, master: master(2)) }] {
            do {
                try open()
                Issue.record("opened")
            } catch let error as SealingError {
                #expect(error.code == .wrongMasterKey)
                #expect(error.masterKeys == mismatch)
                #expect(error.message.contains(mismatch.wanted) && error.message.contains(mismatch.given))
            }
        }
        try directory.vault(1).close()
    }

    @Test func `what is no key store of this log is refused`() async throws {
        let directory = try TemporaryDirectory()
        #expect(await sealingCode { _ = try directory.vault(createsIfMissing: false) } == .noKeyStore)
        #expect(await sealingCode { _ = try KeyVault.openReadOnly(directory: directory.path, master: master(1)) } == .noKeyStore)
        try directory.vault().close()
        #expect(await storeCode { _ = try directory.vault(identity: "other") } == .wrongLog)
        let vault = try directory.vault()
        #expect(await storeCode { _ = try directory.vault() } == .ownedByAnother)
        try vault.close()

        try directory.tamper("UPDATE meta SET value = '99' WHERE name = 'schema'")
        #expect(await storeCode { _ = try directory.vault() } == .schemaTooNew)
        _ = try directory.write("not a database, and long enough to be taken for one by nobody", to: "keys.sqlite")
        #expect(await storeCode { _ = try directory.vault() } == .corrupted)
    }

    @Test func `a store whose making was interrupted is made`() async throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write("", to: "keys.sqlite")
        #expect(await sealingCode { _ = try directory.vault(createsIfMissing: false) } == .noKeyStore)
        _ = try await directory.vault().sealingKey(for: stream(1))
    }

    @Test func `lowered durability is not accepted`() async throws {
        let directory = try TemporaryDirectory()
        try directory.vault().close()
        for lowering in ["PRAGMA synchronous = NORMAL", "PRAGMA synchronous = EXTRA", "PRAGMA secure_delete = FAST"] {
            let code = await storeCode {
                _ = try KeyStore.open(KeyStoreFile(directory: directory.path), makingWith: nil) { try $0.execute(sql: lowering) }
            }
            #expect(code == .durabilityLowered, "\(lowering)")
        }
    }

    @Test func `only the owner may read the files`() async throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write("", to: "keys.sqlite", mode: 0o644)
        let vault = try directory.vault()
        _ = try await vault.sealingKey(for: stream(1))
        for name in ["keys.sqlite", "keys.sqlite-wal", "keys.sqlite-shm", "keys.lock"] { #expect(try directory.mode(of: name) == 0o600, "\(name)") }
    }

    @Test func `a reader opens what another seals`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let reader = try KeyVault.openReadOnly(directory: directory.path, master: master(1))
        let key = try await vault.sealingKey(for: stream(1))
        let sealed = try vault.seal([1, 2, 3], keyID: key, associatedData: [4])
        #expect(try reader.open(sealed, keyID: key, associatedData: [4]) == [1, 2, 3])
        #expect(await sealingCode { _ = try await reader.sealingKey(for: stream(1)) } == .readOnly)
        #expect(await sealingCode { try reader.destroy([key], at: noon) } == .readOnly)
        #expect(await sealingCode { try reader.rotate(to: master(2)) } == .readOnly)
        #expect(await sealingCode { try await reader.withHeldStreams([stream(1)]) {} } == .readOnly)

        try vault.rotate(to: master(2))
        #expect(try reader.open(sealed, keyID: key, associatedData: [4]) == [1, 2, 3])
        let later = try await vault.sealingKey(for: stream(2))
        let unread = try vault.seal([1], keyID: later, associatedData: [])
        #expect(await sealingCode { _ = try reader.open(unread, keyID: later, associatedData: []) } == .wrongMasterKey)
    }

    @Test func `a closed vault says so`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        try vault.close()
        #expect(await storeCode { _ = try await vault.sealingKey(for: stream(1)) } == .closed)
        #expect(await storeCode { _ = try await vault.sealingKey(for: stream(2)) } == .closed)
        #expect(await storeCode { _ = try vault.open([], keyID: key, associatedData: []) } == .closed)
        #expect(await storeCode { try vault.destroy([key], at: noon) } == .closed)
        try vault.close()
    }

    // MARK: Sealing

    @Test func `flipping any byte is found`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        let plaintext = Array("sortie le 22 novembre".utf8)
        let data = Array("associated".utf8)
        let sealed = try vault.seal(plaintext, keyID: key, associatedData: data)
        #expect(sealed.count == plaintext.count + SealedBytes.overhead)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(await sealingCode { _ = try vault.open(changed, keyID: key, associatedData: data) } == .notAuthentic)
        }
        for index in data.indices {
            var changed = data
            changed[index] ^= 1
            #expect(await sealingCode { _ = try vault.open(sealed, keyID: key, associatedData: changed) } == .notAuthentic)
        }
        for length in 0..<sealed.count {
            #expect(await sealingCode { _ = try vault.open(Array(sealed.prefix(length)), keyID: key, associatedData: data) } == .notAuthentic)
        }
        let other = try await vault.sealingKey(for: stream(2))
        #expect(await sealingCode { _ = try vault.open(sealed, keyID: other, associatedData: data) } == .notAuthentic)
        #expect(try vault.open(sealed, keyID: key, associatedData: data) == plaintext)
    }

    @Test func `an unknown key is no erasure, and nothing is sealed without a key`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        do {
            _ = try vault.open([1], keyID: "AAAAAAAAAAAAAAAA", associatedData: [])
            Issue.record("opened")
        } catch let error as SealingError {
            #expect(error.code == .unknownKey)
            #expect(error.keyID == "AAAAAAAAAAAAAAAA")
            #expect(error.message.contains("keys.sqlite"))
        }
        #expect(await sealingCode { _ = try vault.seal([1], keyID: "AAAAAAAAAAAAAAAA", associatedData: []) } == .unknownKey)
        #expect(await sealingCode { _ = try vault.seal([1], keyID: nil, associatedData: []) } == .notSealed)
        #expect(try vault.open([1], keyID: nil, associatedData: []) == [1])
    }

    @Test func `nonces do not repeat`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        let nonces = try (0..<20_000).map { _ in try vault.seal([], keyID: key, associatedData: []).prefix(12) }
        #expect(Set(nonces).count == nonces.count)
        // Every byte of the nonce takes many values: none is left out by the way it is filled.
        for place in 0..<12 { #expect(Set(nonces.map { $0[place] }).count > 200) }
    }

    @Test func `a sealed text is AES-256-GCM as anybody computes it`() async throws {
        // Key, nonce and text from a fixed random source; the expected bytes come from another implementation.
        let words = Mutex<[UInt64]>([0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908])
        let key = try MasterKey(bytes: (0..<32).map { UInt8($0) }).key
        let sealed = try SealedBytes.seal(
            Array("relais".utf8),
            under: key,
            random: { words.withLock { $0.removeFirst() } },
            authenticating: Array("bound".utf8)
        )
        let ciphertext = "35 67 ba 7a ac 96", tag = "33 17 d3 e7 43 53 da cf 24 2 1b 5f b1 43 92 a5"
        #expect(sealed.map { String($0, radix: 16) }.joined(separator: " ") == "0 1 2 3 4 5 6 7 8 9 a b \(ciphertext) \(tag)")
    }

    @Test func `the cache forgets, the store does not`() async throws {
        let directory = try TemporaryDirectory()
        let file = KeyStoreFile(directory: directory.path)
        let origin = KeySchema.Origin(identity: "test", masterID: try master(1).id)
        let vault = try KeyVault(
            store: KeyStore.open(file, makingWith: origin),
            master: master(1),
            time: .fixed(noon),
            random: SeededRandom(seed: 3).next,
            cacheCapacity: 4
        )
        var sealed: [(String, [UInt8])] = []
        for number in 0..<50 {
            let key = try await vault.sealingKey(for: stream(UInt64(number)))
            sealed.append((key, try vault.seal([UInt8(number)], keyID: key, associatedData: [])))
        }
        for (number, (key, bytes)) in sealed.enumerated() {
            #expect(try vault.open(bytes, keyID: key, associatedData: []) == [UInt8(number)])
            #expect(try await vault.sealingKey(for: stream(UInt64(number))) == key)
        }
    }

    @Test func `a garbled key is named by the check, and its error says what to do`() async throws {
        let directory = try TemporaryDirectory()
        var vault = try directory.vault()
        let (broken, whole) = (try await vault.sealingKey(for: stream(1)), try await vault.sealingKey(for: stream(2)))
        let sealed = try vault.seal([7], keyID: broken, associatedData: [])
        try vault.close()
        try directory.tamper("UPDATE data_key SET wrapped = randomblob(60) WHERE id = '\(broken)'")
        vault = try directory.vault()
        #expect(try vault.check().problems.map(\.keyID) == [broken])
        do {
            _ = try vault.open(sealed, keyID: broken, associatedData: [])
            Issue.record("a garbled key opens")
        } catch let error as SealingError {
            #expect(error.code == .notAuthentic && error.keyID == broken)
            #expect(error.message.contains("relais restore") && error.message.contains("relais verify"))
        }
        #expect(try vault.open(vault.seal([8], keyID: whole, associatedData: []), keyID: whole, associatedData: []) == [8])
    }
}
