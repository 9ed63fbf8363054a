import EventStore
import Foundation
import GRDB
import TestSupport
import Testing
import Timekeeping

@testable import Sealing

struct ErasureTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `destroyed keys are nowhere in the files`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        // Enough rows for pages to fill and split; keys are made before, between and after erasures.
        for round in 0..<4 {
            let base = UInt64(round * 300)
            _ = try await vault.sealingKeys(for: (0..<300).map { SealingRequest(stream: stream(base + $0), patient: stream(9000 + $0 % 50)) })
            let wrapped = try directory.wrappedKeys()
            let victims = wrapped.keys.shuffled(using: &random).prefix(60)
            #expect(try vault.destroy(victims, at: noon) == 60)
            let left = wrapped.filter { !victims.contains($0.key) }.values
            #expect(try directory.found(wrapped.values) == Set(left), "seed \(seed)")
        }
        #expect(try vault.check().isSound)
        #expect(try vault.statistics().destroyedKeys == 240)
    }

    @Test func `a destroyed key opens nothing, and its stream gets another`() async throws {
        let directory = try TemporaryDirectory()
        var vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1), patient: stream(9))
        let sealed = try vault.seal([7], keyID: key, associatedData: [])
        #expect(try vault.destroy([key], at: noon) == 1)
        for _ in 0..<2 {
            #expect(try vault.open(sealed, keyID: key, associatedData: []) == nil)
            #expect(await sealingCode { _ = try vault.seal([7], keyID: key, associatedData: []) } == .keyDestroyed)
            #expect(try vault.keys(ofPatient: stream(9)).isEmpty)
            try vault.close()
            vault = try directory.vault()
        }
        let other = try await vault.sealingKey(for: stream(1))
        #expect(other != key)
        #expect(try vault.keys(ofPatient: stream(9)).map(\.keyID) == [other])
        #expect(try vault.open(vault.seal([8], keyID: other, associatedData: []), keyID: other, associatedData: []) == [8])
    }

    @Test func `destroying is idempotent and takes ids never held`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        #expect(try vault.destroy([key, key, "BBBBBBBBBBBBBBBB"], at: noon) == 1)
        #expect(try vault.destroy([key, "BBBBBBBBBBBBBBBB"], at: noon) == 0)
        #expect(try vault.destroy([], at: noon) == 0)
        #expect(try vault.open([1], keyID: "BBBBBBBBBBBBBBBB", associatedData: []) == nil)
        for bad in ["", String(repeating: "x", count: 65)] {
            #expect(await storeCode { try vault.destroy([bad], at: noon) } == .invalidRequest)
        }
        #expect(try vault.check().isSound)
    }

    @Test func `an older copy of the keys revives nobody`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        let sealed = try vault.seal([7], keyID: key, associatedData: [])
        try vault.backUp(to: "\(directory.path)/copy")
        let later = try await vault.sealingKey(for: stream(2))
        let unheard = try vault.seal([8], keyID: later, associatedData: [])
        try vault.destroy([key, later], at: noon)
        try vault.close()

        let restored = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "\(directory.path)/copy", toPath: restored.keys)
        let old = try restored.vault(createsIfMissing: false)
        #expect(try old.open(sealed, keyID: key, associatedData: []) == [7])
        #expect(await sealingCode { _ = try old.open(unheard, keyID: later, associatedData: []) } == .unknownKey)
        #expect(try old.destroy([key, later], at: noon) == 1)
        #expect(try old.open(sealed, keyID: key, associatedData: []) == nil)
        #expect(try old.open(unheard, keyID: later, associatedData: []) == nil)
    }

    @Test func `the file itself refuses to bring a key back`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        let wrapped = try #require(try directory.wrappedKeys()[key])
        try vault.destroy([key], at: noon)
        try vault.close()
        let database = try DatabaseQueue(path: directory.keys)
        let revivals = [
            "UPDATE data_key SET wrapped = ?, stream = zeroblob(16), created_at = 0, destroyed_at = NULL",
            "INSERT INTO data_key(id, stream, created_at, wrapped) SELECT id, zeroblob(16), 0, ? FROM data_key",
            "DELETE FROM data_key WHERE ? IS NOT NULL",
        ]
        for sql in revivals {
            #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: sql, arguments: [wrapped]) } }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a reader that holds the write-ahead log is reported, and made up for`() async throws {
        let directory = try TemporaryDirectory()
        let store = try KeyStore.open(
            KeyStoreFile(directory: directory.path),
            makingWith: KeySchema.Origin(identity: "test", masterID: master(1).id)
        )
        let vault = try KeyVault(
            store: store,
            master: master(1),
            time: .fixed(noon),
            random: SeededRandom(seed: 1).next,
            patience: .milliseconds(1)
        )
        let key = try await vault.sealingKey(for: stream(1))
        let wrapped = try #require(try directory.wrappedKeys()[key])
        try readingMeanwhile(directory) { () throws in
            #expect(throws: SealingError(.tracesRemain, "")) { try vault.destroy([key], at: noon) }
            #expect(try vault.open([1], keyID: key, associatedData: []) == nil)
        }
        #expect(try vault.destroy([key], at: noon) == 0)
        #expect(try directory.found([wrapped]).isEmpty)
    }

    private func readingMeanwhile(_ directory: TemporaryDirectory, _ body: () throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = true
        try DatabaseQueue(path: directory.keys, configuration: configuration).read { database in
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM data_key")
            try body()
        }
    }

    @Test func `an erasure that a crash interrupted leaves no trace after the next opening`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1))
        let wrapped = try #require(try directory.wrappedKeys()[key])
        // Committed, and the process gone before the write-ahead log was emptied.
        try vault.store.onWriter { database in
            try vault.store.commit(database) { _ = try KeyTable.bury(key, at: noon, in: database) }
        }
        let copy = try directory.copyOfKeys()
        #expect(try copy.found([wrapped]) == [wrapped])
        let restored = try copy.vault()
        #expect(try copy.found([wrapped]).isEmpty)
        #expect(try restored.open([1], keyID: key, associatedData: []) == nil)
    }

    @Test func `a slow reader does not bring a destroyed key back to memory`() throws {
        let cache = DataKeyCache(capacity: 4)
        let before = cache.destructions
        cache.destroy(["a"])
        cache.keep(.live(try master(1).key), for: "a", readAt: before)
        guard case .destroyed = cache.entry(for: "a") else {
            Issue.record("the key is back")
            return
        }
    }

    // MARK: Holding

    @Test(.timeLimit(.minutes(5)), arguments: [1, 9] as [UInt64])
    func `while a stream or its patient is held, nobody gets its key`(subject: UInt64) async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault(holdLimit: .seconds(600))
        let old = try await vault.sealingKey(for: stream(1), patient: stream(9))
        let waiting = try await vault.withHeldStreams([stream(subject)]) {
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let waiting = Task {
                start.yield()
                return try await vault.sealingKey(for: stream(1))
            }
            for await _ in started { break }
            // Others go on, through the same queue.
            _ = try await vault.sealingKey(for: stream(2))
            try vault.destroy(vault.keys(ofPatient: stream(9)).map(\.keyID), at: noon)
            return waiting
        }
        #expect(try await waiting.value != old)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a hold covers streams not known before and ends when its body throws`() async throws {
        struct Failure: Error {}
        let directory = try TemporaryDirectory()
        let vault = try directory.vault(holdLimit: .seconds(600))
        let (answers, answer) = AsyncStream.makeStream(of: Int.self)
        await #expect(throws: Failure.self) {
            try await vault.withHeldStreams([stream(9)]) {
                Task {
                    _ = try await vault.sealingKey(for: stream(5), patient: stream(9))
                    answer.yield(1)
                }
                try await vault.withHeldStreams([stream(8)]) { _ = try await vault.sealingKey(for: stream(6)) }
                #expect(try vault.keys(ofPatient: stream(9)).isEmpty)
                answer.yield(0)
                throw Failure()
            }
        }
        var order: [Int] = []
        for await number in answers {
            order.append(number)
            if order.count == 2 { break }
        }
        #expect(order == [0, 1])
        #expect(try vault.keys(ofPatient: stream(9)).count == 1)
    }

    @Test(.timeLimit(.minutes(5)))
    func `whoever waits for a hold is refused in time, and may come again`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault(holdLimit: .milliseconds(20))
        try await vault.withHeldStreams([stream(9)]) {
            // A second hold that ends meanwhile puts everybody's request through the queue again.
            async let second: Void = vault.withHeldStreams([stream(8)]) { _ = try await vault.sealingKey(for: stream(2)) }
            for number: UInt64 in [1, 3] {
                #expect(await sealingCode { _ = try await vault.sealingKey(for: stream(number), patient: stream(9)) } == .held)
            }
            try await second
            _ = try await vault.sealingKey(for: stream(4))
            #expect(try vault.keys(ofPatient: stream(9)).isEmpty)
        }
        _ = try await vault.sealingKey(for: stream(1), patient: stream(9))
        #expect(try vault.keys(ofPatient: stream(9)).map(\.stream) == [stream(1)])
    }

    @Test(.timeLimit(.minutes(5)))
    func `closing lets go of whoever waits for a hold`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault(holdLimit: .seconds(600))
        try await vault.withHeldStreams([stream(1)]) {
            let waiting = Task { try await vault.sealingKey(for: stream(1)) }
            _ = try await vault.sealingKey(for: stream(2))
            try vault.close()
            #expect(await storeCode { _ = try await waiting.value } == .closed)
        }
    }
}
