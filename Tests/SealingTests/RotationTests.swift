import EventStore
import Foundation
import TestSupport
import Testing

@testable import Sealing

struct RotationTests {
    private struct Interruption: Error {}

    private func filled(_ directory: TemporaryDirectory, count: UInt64 = 1200) async throws -> (KeyVault, [String: [UInt8]]) {
        let vault = try directory.vault()
        let keys = try await vault.sealingKeys(for: (0..<count).map { SealingRequest(stream: stream($0)) }).compactMap(\.self)
        var sealed: [String: [UInt8]] = [:]
        for key in keys { sealed[key] = try vault.seal(Array(key.utf8), keyID: key, associatedData: [1]) }
        return (vault, sealed)
    }

    private func opensAll(_ sealed: [String: [UInt8]], _ vault: KeyVault) throws -> Bool {
        try sealed.allSatisfy { try vault.open($0.value, keyID: $0.key, associatedData: [1]) == Array($0.key.utf8) }
    }

    @Test func `a rotation changes the wrapping and nothing else`() async throws {
        let directory = try TemporaryDirectory()
        let (vault, sealed) = try await filled(directory)
        let erased = try #require(sealed.keys.first)
        try vault.destroy([erased], at: noon)
        let before = try directory.wrappedKeys()
        var steps: [Int] = []
        let count = try vault.rotate(to: master(2)) { done, total in
            #expect(total == 1199)
            steps.append(done)
        }
        #expect(count == 1199)
        #expect(steps == steps.sorted() && steps.last == 1199 && steps.count > 1)
        #expect(vault.masterID == (try master(2)).id)
        #expect(try directory.wrappedKeys().keys == before.keys)
        #expect(try directory.found(before.values).isEmpty)
        #expect(try vault.rotate(to: master(2)) == 0)
        _ = try await vault.sealingKey(for: stream(5000))
        #expect(try vault.check().isSound)
        try vault.close()

        #expect(await sealingCode { _ = try directory.vault(1) } == .wrongMasterKey)
        let reopened = try directory.vault(2)
        #expect(try reopened.open([1], keyID: erased, associatedData: [1]) == nil)
        #expect(try opensAll(sealed.filter { $0.key != erased }, reopened))
    }

    @Test func `an interrupted rotation has not happened`() async throws {
        let directory = try TemporaryDirectory()
        let (vault, sealed) = try await filled(directory)
        var copy: TemporaryDirectory?
        #expect(throws: Interruption.self) {
            try vault.rotate(to: master(2)) { done, total in
                guard done < total else { return }
                // The files as a crash at this moment leaves them.
                copy = try directory.copyOfKeys()
                throw Interruption()
            }
        }
        #expect(vault.masterID == (try master(1)).id)
        #expect(try opensAll(sealed, vault))
        _ = try await vault.sealingKey(for: stream(5000))
        #expect(try vault.check().isSound)
        let crashed = try #require(copy)
        #expect(await sealingCode { _ = try crashed.vault(2) } == .wrongMasterKey)
        let restored = try crashed.vault(1)
        #expect(try opensAll(sealed, restored))
        #expect(try restored.check().isSound)
    }

    @Test(.timeLimit(.minutes(5)))
    func `sealing and opening go on while the master key changes`() async throws {
        let directory = try TemporaryDirectory()
        let (vault, sealed) = try await filled(directory, count: 100)
        vault.cache.removeAll()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for round in 0..<5 {
                        #expect(try self.opensAll(sealed, vault))
                        _ = try await vault.sealingKey(for: stream(UInt64(10_000 + task * 100 + round)))
                        vault.cache.removeAll()
                    }
                }
            }
            group.addTask {
                for number in 2..<8 { try vault.rotate(to: master(UInt64(number))) }
            }
            try await group.waitForAll()
        }
        #expect(vault.masterID == (try master(7)).id)
        #expect(try vault.check().isSound)
    }

    @Test func `a changed row stops a rotation and is found by a check`() async throws {
        let directory = try TemporaryDirectory()
        let (first, _) = try await filled(directory, count: 20)
        #expect(try first.check().liveKeys == 20)
        try first.close()
        for (column, change) in [("wrapped", "zeroblob(60)"), ("stream", "x'000102030405060708090A0B0C0D0E0F'")] {
            let changed = try directory.copyOfKeys()
            try changed.tamper("UPDATE data_key SET \(column) = \(change) WHERE number = 7")
            let vault = try changed.vault()
            let report = try vault.check()
            #expect(!report.isSound && report.problems.first?.keyID != nil)
            #expect(await sealingCode { try vault.rotate(to: master(2)) } == .notAuthentic)
            #expect(vault.masterID == (try master(1)).id)
        }
        let orphaned = try directory.copyOfKeys()
        try orphaned.tamper("DELETE FROM subject WHERE stream IN (SELECT stream FROM subject LIMIT 1)")
        #expect(try orphaned.vault().check().problemCount == 1)
    }
}
