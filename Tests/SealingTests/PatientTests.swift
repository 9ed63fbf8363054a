import EventStore
import Testing

@testable import Sealing

struct PatientTests {
    private func streams(_ keys: [StreamKey]) -> Set<StreamID> { Set(keys.map(\.stream)) }

    @Test func `a stream is about itself until somebody is named`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        #expect(try vault.owner(of: stream(1)) == nil)
        let key = try await vault.sealingKey(for: stream(1))
        #expect(try vault.owner(of: stream(1)) == stream(1))
        // Named later, in memory or not: one row changes, the key stays.
        #expect(try await vault.sealingKey(for: stream(1), patient: stream(9)) == key)
        #expect(try vault.owner(of: stream(1)) == stream(9))
        #expect(try await vault.sealingKey(for: stream(1)) == key)
        #expect(try vault.owner(of: stream(1)) == stream(9))
        #expect(try vault.keys(ofPatient: stream(9)) == [StreamKey(keyID: key, stream: stream(1), createdAt: noon)])
        #expect(try vault.keys(ofPatient: stream(1)).isEmpty)
    }

    @Test func `a dossier moves with its key`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let key = try await vault.sealingKey(for: stream(1), patient: stream(9))
        try vault.move(stream(1), to: stream(8))
        #expect(try vault.keys(ofPatient: stream(9)).isEmpty)
        #expect(try vault.keys(ofPatient: stream(8)).map(\.keyID) == [key])
        // A request that still names the first one moves it back: what memory held is no longer taken for granted.
        #expect(try await vault.sealingKey(for: stream(1), patient: stream(9)) == key)
        #expect(try vault.owner(of: stream(1)) == stream(9))
        // Moved before it ever had a key.
        try vault.move(stream(2), to: stream(9))
        _ = try await vault.sealingKey(for: stream(2))
        #expect(streams(try vault.keys(ofPatient: stream(9))) == [stream(1), stream(2)])
    }

    @Test func `one erasure takes all who were merged, however indirectly`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        for number in UInt64(1)...5 { _ = try await vault.sealingKey(for: stream(100 + number), patient: stream(number)) }
        // 1 into 2, 2 into 3, 4 into 3; 5 is another person.
        try vault.link(stream(1), to: stream(2))
        try vault.link(stream(2), to: stream(3))
        try vault.link(stream(4), to: stream(3))
        let merged: [UInt64] = [1, 2, 3, 4]
        for number in merged {
            #expect(try vault.identities(of: stream(number)) == merged.map(stream))
            #expect(streams(try vault.keys(ofPatient: stream(number))) == Set(merged.map { stream(100 + $0) }))
        }
        #expect(try vault.identities(of: stream(5)) == [stream(5)])

        try vault.unlink(stream(2))
        try vault.unlink(stream(77))
        #expect(try vault.identities(of: stream(1)) == [stream(1), stream(2)])
        #expect(try vault.identities(of: stream(4)) == [stream(3), stream(4)])
        // The last survivor said counts; a circle is one person.
        try vault.link(stream(4), to: stream(1))
        try vault.link(stream(2), to: stream(1))
        #expect(try vault.identities(of: stream(4)) == [1, 2, 4].map(stream))
        #expect(try vault.identities(of: stream(3)) == [stream(3)])
        #expect(try vault.statistics().aliases == 3)
        #expect(await storeCode { try vault.link(stream(1), to: stream(1)) } == .invalidRequest)
    }
}
