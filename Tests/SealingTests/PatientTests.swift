import EventStore
import TestSupport
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
        #expect(try await vault.sealingKey(for: stream(1), patient: stream(8)) == key)
        #expect(try vault.keys(ofPatient: stream(9)).isEmpty)
        #expect(try vault.keys(ofPatient: stream(8)).map(\.keyID) == [key])
        // And back: what memory held is not taken for granted.
        #expect(try await vault.sealingKey(for: stream(1), patient: stream(9)) == key)
        _ = try await vault.sealingKey(for: stream(2), patient: stream(9))
        #expect(streams(try vault.keys(ofPatient: stream(9))) == [stream(1), stream(2)])
    }
}
