import Coordination
import EventStore
import Foundation
import LogTesting
import Pathways
import Sealing
import Testing
import Timekeeping

@Suite("Every key that the log refers to is there, or was erased")
struct KeyCheckTests {
    @Test func keysThatAreThereAndKeysThatWereErasedAreSound() async throws {
        let territory = try SealedTerritory()
        try await territory.know(1...3)
        #expect(try territory.checkKeys().uses == 6)
        try await territory.erase(2)
        // Known anew after the erasure, under another key.
        try await territory.know(4...4)
        let report = try territory.checkKeys()
        #expect(report.isSound, "\(report.problems)")
        #expect(report.erasedKeys == 1 && report.uses == 8)
        try await territory.close()
        #expect(try territory.checkKeys() == report)
    }

    @Test func aKeyThatIsMissingWithoutAnErasureIsNamed() async throws {
        let territory = try SealedTerritory()
        let keys = try await territory.know(1...3)
        try await territory.close()
        try territory.tamperWithKeys("DELETE FROM data_key WHERE id = '\(keys[1])'")
        let report = try territory.checkKeys()
        #expect(report.problems.map(\.keyID) == [keys[1]] && report.problems.map(\.position) == [2])
        #expect(report.problems.allSatisfy { $0.detail.contains("missing without an erasure") })
    }

    @Test func aKeyThatWasDestroyedWithoutAnErasureIsNamed() async throws {
        let territory = try SealedTerritory()
        let keys = try await territory.know(1...3)
        try territory.vault.destroy([keys[2]], at: World.start)
        let report = try territory.checkKeys()
        #expect(report.problems.map(\.keyID) == [keys[2]] && report.problems.map(\.position) == [3])
        #expect(report.problems.allSatisfy { $0.detail.contains("destroyed") })
    }

    /// As after an older copy of the keys was put back by hand.
    @Test func anErasedKeyThatIsBackIsNamed() async throws {
        let territory = try SealedTerritory()
        let keys = try await territory.know(1...2)
        let copy = "\(territory.path)/copy.sqlite"
        try territory.vault.backUp(to: copy)
        try await territory.erase(1)
        try await territory.close()
        let place = "\(territory.path)/keys.sqlite"
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.moveItem(atPath: copy, toPath: place)
        let report = try territory.checkKeys()
        #expect(report.problems.map(\.keyID) == [keys[0]] && report.problems.map(\.position) == [nil])
        #expect(report.problems.allSatisfy { $0.detail.contains("still there") })
    }

    @Test func withoutAKeyStoreEveryKeyThatWasNotErasedIsMissing() async throws {
        let territory = try SealedTerritory()
        let keys = try await territory.know(1...3)
        try await territory.erase(3)
        try await territory.close()
        try FileManager.default.removeItem(atPath: "\(territory.path)/keys.sqlite")
        let report = try territory.checkKeys()
        #expect(report.problems.map(\.keyID) == [keys[0], keys[1]])
        #expect(report.problems.allSatisfy { $0.detail.contains("no keys.sqlite") })
    }

    @Test func moreThanCanBeListedIsStillUnsound() async throws {
        let territory = try SealedTerritory()
        try await territory.know(1...1)
        var report = try territory.checkKeys()
        for number in 0..<KeyReport.problemLimit + 5 { report.add(.init(keyID: "\(number)", detail: "x")) }
        #expect(report.problems.count == KeyReport.problemLimit && !report.isSound)
    }

    // MARK: - Where nothing may be written

    /// A copy on a read-only disk, or in the hands of an auditor: log, keys and all that is derived from them can be read.
    @Test func aCopyIsReadWhereNothingMayBeWritten() async throws {
        let territory = try SealedTerritory()
        try await territory.know(1...3)
        try await territory.erase(2)
        try await territory.close()
        let files = try FileManager.default.contentsOfDirectory(atPath: territory.path).sorted()
        try withReadOnlyDirectory(territory.path, files: files) {
            let vault = try KeyVault.openReadOnly(directory: territory.path, master: try MasterKey(bytes: Array(1...32)))
            let log = try SQLiteEventLog.openReadOnly(directory: territory.path, sealer: vault)
            let events = try log.read(stream: territory.patient(1), fromVersion: 1, limit: 10)
            #expect(try events.map { try vault.payload(of: $0)?.isEmpty } == [false])
            #expect(try vault.check().isSound)
            #expect(try territory.checkKeys().isSound)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: territory.path).sorted() == files)
    }
}
