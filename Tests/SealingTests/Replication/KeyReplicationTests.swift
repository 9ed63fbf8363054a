import EventStore
import Foundation
import GRDB
import TestSupport
import Testing
import Timekeeping

@testable import Sealing

/// Keys of one machine on another: they open the same, and stay destroyed.
struct KeyReplicationTests {
    let origin: TemporaryDirectory
    let copy: TemporaryDirectory

    init() throws {
        origin = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    private func all(_ vault: KeyVault, page: Int = 7) throws -> [WrappedKey] {
        var keys: [NumberedKey] = []
        while case let next = try vault.wrappedKeys(afterNumber: keys.last?.number ?? 0, limit: page), !next.isEmpty { keys += next }
        return keys.map(\.key)
    }

    private func destroyed(_ vault: KeyVault) throws -> [String] {
        var keys: [DestroyedKey] = []
        while case let next = try vault.destroyedKeys(afterNumber: keys.last?.number ?? 0, limit: 2), !next.isEmpty { keys += next }
        return keys.map(\.id)
    }

    @Test func `what one seals the other opens, and erases by patient`() async throws {
        let (first, second) = (try origin.vault(), try copy.vault())
        for number in 1...20 as ClosedRange<UInt64> {
            _ = try await first.sealingKey(for: stream(number), patient: number % 4 == 0 ? nil : stream(100 + number % 3))
        }
        let keys = try all(first)
        #expect(keys.count == 20)
        #expect(try second.adopt(keys.prefix(12)) == 12)
        #expect(try second.adopt(keys) == 8)
        #expect(try second.adopt(keys.reversed()) == 0)
        #expect(try second.adopt([]) == 0)
        #expect(try all(second) == keys)
        #expect(try second.check().isSound)
        let sealed = try first.seal([7], keyID: keys[3].id, associatedData: [1])
        #expect(try second.open(sealed, keyID: keys[3].id, associatedData: [1]) == [7])
        // Who takes over makes no second key, and finds all keys of a patient.
        #expect(try await second.sealingKey(for: stream(5)) == (try await first.sealingKey(for: stream(5))))
        for patient in [100, 101, 102, 8] as [UInt64] {
            #expect(try second.keys(ofPatient: stream(patient)) == first.keys(ofPatient: stream(patient)))
        }
        try second.close()
        let again = try copy.vault()
        #expect(try again.open(sealed, keyID: keys[3].id, associatedData: [1]) == [7])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `what was destroyed stays destroyed, and leaves no bytes`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let (first, second) = (try origin.vault(), try copy.vault())
        var unheard: [WrappedKey] = []
        for round in 0..<3 as Range<UInt64> {
            _ = try await first.sealingKeys(for: (0..<100).map { SealingRequest(stream: stream(round * 100 + $0), patient: stream(9000 + $0 % 7)) })
            let keys = try all(first).shuffled(using: &random)
            // Some reach the other machine only after the news of their end.
            try second.adopt(keys.prefix(keys.count - 10))
            let victims = keys.suffix(10) + keys.prefix(30)
            unheard += victims
            try first.destroy(victims.map(\.id), at: noon)
            try second.destroy(destroyed(first), at: noon)
            #expect(try second.adopt(unheard) == 0, "seed \(seed)")
            try second.adopt(all(first))
            #expect(Set(try all(second)) == Set(try all(first)), "seed \(seed)")
            #expect(try copy.found(unheard.map { Data($0.wrapped) }).isEmpty, "seed \(seed)")
        }
        for key in unheard {
            #expect(try second.open([1], keyID: key.id, associatedData: []) == nil)
            #expect(try second.hasHeld(key.id))
        }
        #expect(Set(try destroyed(second)) == Set(unheard.map(\.id)))
        #expect(try second.check().isSound)
    }

    @Test func `a key that does not belong is refused, and those beside it are not taken in`() async throws {
        let (first, second) = (try origin.vault(), try copy.vault())
        _ = try await first.sealingKeys(for: (1...4).map { SealingRequest(stream: stream($0)) })
        let keys = try all(first)
        func refusal(_ change: (inout WrappedKey) -> Void) async -> SealingError.Code? {
            var changed = keys
            change(&changed[2])
            return await sealingCode { try second.adopt(changed) }
        }
        #expect(await refusal { $0.wrapped[20] ^= 1 } == .notAuthentic)
        #expect(await refusal { $0.wrapped = [] } == .notAuthentic)
        #expect(await refusal { $0.id += "x" } == .notAuthentic)
        #expect(await refusal { $0.stream = stream(9) } == .notAuthentic)
        #expect(await refusal { $0.masterID = "other" } == .wrongMasterKey)
        for id in ["", String(repeating: "x", count: 65)] {
            var changed = keys
            changed[0].id = id
            #expect(await storeCode { try second.adopt(changed) } == .invalidRequest)
        }
        #expect(try all(second).isEmpty)
        try second.adopt(keys)
        #expect(await refusal { $0.stream = stream(9) } == .conflictingKey)
        let other = try TemporaryDirectory().vault(identity: "other")
        #expect(await sealingCode { try other.adopt(keys) } == .notAuthentic)
        try second.close()
        let reader = try KeyVault.openReadOnly(directory: copy.path, master: master(1))
        #expect(await sealingCode { try reader.adopt(keys) } == .readOnly)
    }

    @Test func `another master key is named, or used`() async throws {
        let (first, second) = (try origin.vault(2), try copy.vault(1))
        let id = try await first.sealingKey(for: stream(1))
        let keys = try all(first)
        let error = #expect(throws: SealingError.self) { try second.adopt(keys) }
        #expect(error?.code == .wrongMasterKey)
        #expect(error?.masterKeys == SealingError.MasterKeyMismatch(wanted: try master(2).id, given: try master(1).id))
        #expect(try second.adopt(keys, masters: [master(3), master(2)]) == 1)
        let sealed = try first.seal([7], keyID: id, associatedData: [])
        #expect(try second.open(sealed, keyID: id, associatedData: []) == [7])
        #expect(try all(second).map(\.masterID) == [try master(1).id])
        #expect(try second.check().isSound)
    }

    @Test func `a rotation shows, and neither side loses a key`() async throws {
        let (first, second) = (try origin.vault(1), try copy.vault(1))
        let id = try await first.sealingKey(for: stream(1))
        let old = try all(first)
        try second.adopt(old)
        let sealed = try first.seal([7], keyID: id, associatedData: [])
        let revision = first.replicationRevision
        #expect(try first.keyChanges(after: revision) == KeyChanges(destroyed: [], keys: [], revision: revision))
        try first.rotate(to: master(2))
        #expect(try first.keyChanges(after: revision) == nil)
        let new = try all(first)
        #expect(new.map(\.masterID) == [try master(2).id] && new[0].wrapped != old[0].wrapped)
        // It is here already: what it is wrapped under over there does not matter.
        #expect(try second.adopt(new) == 0)
        try second.rotate(to: master(2))
        #expect(try second.adopt(old) == 0)
        #expect(try second.adopt(new) == 0)
        #expect(try second.open(sealed, keyID: id, associatedData: []) == [7])
        #expect(try second.check().isSound)
    }

    @Test func `an erasure and another owner show, a new key does by its number`() async throws {
        let vault = try origin.vault()
        let id = try await vault.sealingKey(for: stream(1))
        let revision = vault.replicationRevision
        let other = try await vault.sealingKey(for: stream(2), patient: stream(9))
        #expect(vault.replicationRevision == revision)
        #expect(try vault.wrappedKeys(afterNumber: 1, limit: 9).map(\.number) == [2])
        _ = try await vault.sealingKey(for: stream(1), patient: stream(9))
        let moved = try #require(try vault.keyChanges(after: revision))
        #expect(moved.keys.map(\.id) == [id] && moved.keys.map(\.patient) == [stream(9)] && moved.destroyed.isEmpty)
        let second = try copy.vault()
        try second.adopt(all(vault))
        try vault.destroy([id], at: noon)
        let erased = try #require(try vault.keyChanges(after: moved.revision))
        #expect(erased.destroyed == [id] && erased.keys.isEmpty)
        #expect(try vault.keyChanges(after: revision)?.destroyed == [id])
        #expect(try vault.wrappedKeys(afterNumber: 0, limit: 9).map(\.key.id) == [other])
        // The owner of a key that is here already follows.
        _ = try await vault.sealingKey(for: stream(2), patient: stream(8))
        #expect(try second.adopt(all(vault)) == 0)
        #expect(try second.owner(of: stream(2)) == stream(8))
    }

    @Test func `a replaced writer's own key stays readable, is no longer used, and is erased with the rest`() async throws {
        let (old, new) = (try origin.vault(), try copy.vault())
        // Each made a key for the stream before they knew of each other.
        let own = try await old.sealingKey(for: stream(1), patient: stream(9))
        let theirs = try await new.sealingKey(for: stream(1), patient: stream(9))
        let sealed = try old.seal([7], keyID: own, associatedData: [])
        #expect(try old.adopt(all(new)) == 1)
        #expect(try await old.sealingKey(for: stream(1)) == theirs)
        #expect(try old.open(sealed, keyID: own, associatedData: []) == [7])
        #expect(try old.check().isSound)
        #expect(try old.keys(ofPatient: stream(9)).map(\.keyID) == [own, theirs])
        try old.close()
        let again = try origin.vault()
        #expect(try await again.sealingKey(for: stream(1)) == theirs)
        #expect(try again.destroy(again.keys(ofPatient: stream(9)).map(\.keyID), at: noon) == 2)
        #expect(try await again.sealingKey(for: stream(1)) != theirs)
        #expect(try again.check().isSound)
    }

    @Test func `changes that are too many to keep ask for all keys`() {
        let journal = KeyChangeJournal(limit: 3)
        journal.add(["a", "b", "c", "d", "e", "f"])
        #expect(journal.changes(after: 0)?.ids.count == 6)
        journal.add(["g"])
        #expect(journal.count == 7)
        #expect(journal.changes(after: 3) == nil)
        #expect(journal.changes(after: 4)?.ids == ["e", "f", "g"])
        #expect(journal.changes(after: 7)?.ids == [])
        #expect(journal.changes(after: 8) == nil)
    }

    @Test func `pages of keys walk no table`() throws {
        let vault = try origin.vault()
        for sql in ReplicationTable.pages {
            let adapter = SuffixRowAdapter(fromIndex: 3)
            let steps = try vault.store.read { try String.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: [0, 1], adapter: adapter) }
            #expect(!steps.isEmpty)
            #expect(steps.allSatisfy { !$0.hasPrefix("SCAN") && !$0.contains("TEMP B-TREE") }, "\(steps)")
        }
    }
}
