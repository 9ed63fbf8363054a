import EventStore
import Foundation
import TestSupport
import Testing

@testable import Sealing

struct BackUpTests {
    @Test(.timeLimit(.minutes(5)))
    func `a copy made under load is consistent, private and wrapped`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let before = try await vault.sealingKeys(for: (0..<500).map { SealingRequest(stream: stream($0)) }).compactMap(\.self)
        let sealed = try before.map { try vault.seal([1, 2], keyID: $0, associatedData: []) }
        let copy = "\(directory.path)/keys.backup"
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let load = Task {
            var number: UInt64 = 1000
            while !Task.isCancelled {
                _ = try await vault.sealingKey(for: stream(number))
                number += 1
                start.yield()
            }
            return number
        }
        for await _ in started { break }
        let report = try vault.backUp(to: copy)
        load.cancel()
        _ = try await load.value
        #expect(report.isSound && report.liveKeys > 500)
        #expect(try directory.mode(of: "keys.backup") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.contains("partial") } == [])

        let restored = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: copy, toPath: restored.keys)
        #expect(await sealingCode { _ = try restored.vault(2) } == .wrongMasterKey)
        let other = try restored.vault(createsIfMissing: false)
        for (key, bytes) in zip(before, sealed) { #expect(try other.open(bytes, keyID: key, associatedData: []) == [1, 2]) }
        #expect(try other.statistics().liveKeys == report.liveKeys)
    }

    @Test func `nothing is overwritten, and a failure leaves nothing`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        let taken = try directory.write("kept", to: "taken")
        #expect(await storeCode { try vault.backUp(to: taken) } == .invalidRequest)
        #expect(FileManager.default.contents(atPath: taken) == Data("kept".utf8))
        #expect(await storeCode { try vault.backUp(to: "\(directory.path)/none/keys") } == .storageUnavailable)

        _ = try await vault.sealingKey(for: stream(1))
        try directory.tamper("UPDATE data_key SET wrapped = zeroblob(60)")
        #expect(await storeCode { try vault.backUp(to: "\(directory.path)/bad") } == .corrupted)
        let left = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(!left.contains { $0.hasPrefix("bad") })
    }

    @Test func `a reader can make a copy too`() async throws {
        let directory = try TemporaryDirectory()
        let vault = try directory.vault()
        _ = try await vault.sealingKey(for: stream(1))
        let reader = try KeyVault.openReadOnly(directory: directory.path, master: master(1))
        #expect(try reader.backUp(to: "\(directory.path)/copy").liveKeys == 1)
    }
}
